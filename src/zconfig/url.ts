import path from 'node:path';

/** Whether an argument names a path; else it is a URL (a scheme of two or more characters and a colon). */
export const isPath = (text: string): boolean => {
	if (!text.includes(':')) return true;
	const scheme = /^[a-zA-Z][-+.a-zA-Z0-9]*:/.exec(text);
	return scheme === null || scheme[0].length === 2;
};

/** The `file:` URL of a path, percent-encoded as Python's `pathlib` does it. */
export const pathToUrl = (file: string, cwd: string): string => {
	const absolute = path.resolve(cwd, file);
	let url = 'file://';
	if (/^[a-zA-Z0-9_.~/-]*$/.test(absolute)) return url + absolute;
	for (const byte of Buffer.from(absolute)) {
		const character = String.fromCharCode(byte);
		url += /[a-zA-Z0-9_.~/-]/.test(character)
			? character
			: `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
	}
	return url;
};

/** What a URL names: a path of this machine, relative where the URL has no slash before it, or why not. */
export const urlToPath = (url: string): {path: string} | {reason: string} => {
	if (url.startsWith('file:///')) return {path: unquote(url.slice(7))};
	const match = /^file:\/\/([^/?#]*)(.*)$/is.exec(url);
	if (match === null) {
		if (/^file:/i.test(url)) return {path: unquote(url.slice(5))};
		const scheme = url.slice(0, url.indexOf(':'));
		return {
			reason: /^https?$|^ftp$/i.test(scheme)
				? 'only files can be read'
				: `unknown url type: ${scheme}`,
		};
	}
	const [, host = '', rest = ''] = match;
	if (host !== '' && host.toLowerCase() !== 'localhost') {
		return {reason: 'file:// scheme is supported only on localhost'};
	}
	return {path: unquote(rest)};
};

/** Percent-decoding as Python's `unquote`: what is no `%XX` stays as it is. */
export const unquote = (text: string): string =>
	text.includes('%')
		? text.replace(/(?:%[0-9a-fA-F]{2})+/g, run =>
				Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
			)
		: text;

/** Python's `urljoin` for a base that is a `file:` URL. */
export const joinUrl = (base: string, relative: string): string => {
	const text = relative.replace(/^[\0-\x20]+/, '').replace(/[\t\r\n]/g, '');
	if (text === '') return base;
	const scheme = /^([a-zA-Z][-+.a-zA-Z0-9]*):(.*)$/s.exec(text);
	if (scheme !== null && scheme[1]?.toLowerCase() !== 'file') return relative;
	const rest = scheme?.[2] ?? text;
	const [, host = '', pathname = '', query = '', fragment = ''] =
		/^(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(rest) ?? [];
	const tail = `${query && `?${query}`}${fragment && `#${fragment}`}`;
	// ZConfig puts the slashes right in a way that turns a host into a folder.
	if (host !== '') return `file:////${host}${pathname}${tail}`;
	const basePath = base.replace(/^file:(?:\/\/(?:localhost)?)?/i, '').replace(/[?#].*$/s, '');
	if (pathname === '') return `file://${basePath}${tail}`;
	return `file://${joinPaths(basePath, pathname)}${tail}`;
};

const joinPaths = (base: string, relative: string): string => {
	const segments = relative.startsWith('/')
		? relative.split('/')
		: withoutEmptyMiddle([...base.split('/').slice(0, -1), ...relative.split('/')]);
	const resolved: string[] = [];
	for (const segment of segments) {
		if (segment === '..') resolved.pop();
		else if (segment !== '.') resolved.push(segment);
	}
	const last = segments.at(-1);
	if (last === '.' || last === '..') resolved.push('');
	const joined = resolved.join('/');
	return joined.startsWith('/') ? joined : `/${joined}`;
};

const withoutEmptyMiddle = (segments: readonly string[]): string[] =>
	segments.filter(
		(segment, index) => segment !== '' || index === 0 || index === segments.length - 1,
	);
