/** A mailbox: what a person sees, and what the machines use. */
export type Mailbox = {readonly name: string; readonly address: string};

const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** RFC 5321 without quoted local parts, and local names such as `root`. No option of a program begins so. */
const plain = /^[^\s@<>()[\]\\,;:"-][^\s@<>()[\]\\,;:"]*(?:@[^\s@<>()\\,;:"]+)?$/u;

/** `admin@example.org`, `root`, or `The Admins <admin@example.org>`; undefined for anything else. */
export const parseMailbox = (text: string): Mailbox | undefined => {
	if (controls.test(text) || text.length > 320) return undefined;
	const framed = /^(.*?)\s*<([^<>]+)>$/.exec(text.trim());
	const name = (framed?.[1] ?? '').replace(/^"(.*)"$/, '$1').trim();
	const address = framed?.[2] ?? text.trim();
	return plain.test(address) && !/["\\<>]/.test(name) ? {name, address} : undefined;
};
