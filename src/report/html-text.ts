import {renderForTerminal} from '../platform/terminal-text.js';

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/**
 * Foreign text as content or quoted attribute value of HTML. Control and direction characters are shown, not obeyed;
 * the result never holds a newline.
 */
export const renderForHtml = (text: string): string =>
	renderForTerminal(text).replace(/[&<>"']/g, character => entities[character] ?? '');
