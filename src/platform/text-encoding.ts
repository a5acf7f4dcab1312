import {TextDecoder} from 'node:util';

/**
 * The encoder for a Python codec name, UTF-8 if there is none. What the encoding lacks becomes a question mark, so
 * that no record is lost for one character. Throws an Error for a name that is not known.
 */
export const findEncoder = (name: string | undefined): ((text: string) => Buffer) => {
	const plain = (name ?? 'utf8').toLowerCase().replace(/[^a-z0-9]/g, '');
	switch (plain) {
		case '':
		case 'utf8':
		case 'u8':
		case 'utf':
			return text => Buffer.from(text);
		case 'utf16le':
			return text => Buffer.from(text, 'utf16le');
		case 'ascii':
		case 'usascii':
		case '646':
			return text => encodeBytes(text, code => (code < 0x80 ? code : undefined));
		case 'latin1':
		case 'latin':
		case 'l1':
		case 'iso88591':
		case 'cp819':
			return text => encodeBytes(text, code => (code < 0x100 ? code : undefined));
		case 'cp1252':
		case 'windows1252':
		case '1252':
			return text => encodeBytes(text, windows1252);
		default:
			return singleByteEncoder(name ?? '');
	}
};

/** Bytes 80 to 9F of windows-1252, which the decoder of Node 20 takes for Latin-1. */
const windowsCharacters = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

const windows1252 = (code: number): number | undefined => {
	const index = windowsCharacters.indexOf(String.fromCodePoint(code));
	if (index !== -1) return 0x80 + index;
	return code < 0x80 || (code >= 0xa0 && code < 0x100) ? code : undefined;
};

const encodeBytes = (text: string, byteOf: (code: number) => number | undefined): Buffer =>
	Buffer.from(
		Array.from(text, character => byteOf(character.codePointAt(0) ?? 0) ?? '?'.charCodeAt(0)),
	);

/** Any encoding of one byte per character that the platform can decode, turned around. */
const singleByteEncoder = (name: string): ((text: string) => Buffer) => {
	const label = name.replace(/^cp(\d+)$/i, 'windows-$1').replaceAll('_', '-');
	const bytes = new Map<number, number>();
	for (let byte = 0; byte < 256; byte++) {
		const character = decoderFor(label, name).decode(Buffer.from([byte]));
		if (character !== '\uFFFD') bytes.set(character.codePointAt(0) ?? 0, byte);
	}
	if (bytes.size < 200) throw unknownEncoding(name);
	return text => encodeBytes(text, code => bytes.get(code));
};

const decoderFor = (label: string, name: string): TextDecoder => {
	try {
		return new TextDecoder(label);
	} catch {
		throw unknownEncoding(name);
	}
};

const unknownEncoding = (name: string): Error => new Error(`unknown encoding: ${name}`);
