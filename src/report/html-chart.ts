import {renderForHtml as safe} from './html-text.js';
import type {Bar} from './letter.js';

const stayedColour = '#2f6fb3';
const droppedColour = '#c3d7ec';
const badColour = '#b3261e';
const faint = '#5b6675';
const heightPx = 96;
const layout = 'border="0" cellpadding="0" cellspacing="0"';

/**
 * Bars out of table cells with a colour and a height: the one chart that Gmail, Outlook and K-9 all show. Screen readers
 * get it as a sentence for each bar.
 */
export const chart = (bars: readonly Bar[]): string => {
	const cells = bars.map(column).join('');
	const [first, last] = [bars[0]?.date ?? '', bars.at(-1)?.date ?? ''];
	const note = `font-size:11px;line-height:1.4;color:${faint}`;
	return `<div style="margin:14px 0 6px 0;font-size:12px;color:${faint}">The last ${bars.length} packs: ${key(stayedColour)}stayed ${key(droppedColour)}dropped${bars.some(({isBad}) => isBad) ? ` ${key(badColour)}failed` : ''}</div>
<table role="img" aria-label="${safe(bars.map(describe).join('; '))}" ${layout} width="100%" style="table-layout:fixed"><tr>${cells}</tr></table>
<table role="presentation" ${layout} width="100%"><tr><td align="left" style="${note};padding:4px 0 0 0">${safe(first)}</td><td align="right" style="${note};padding:4px 0 0 0">${safe(last)}</td></tr></table>
${caption(bars, note)}`;
};

const key = (colour: string): string =>
	`<span style="display:inline-block;width:9px;height:9px;margin:0 4px 0 8px;background-color:${colour}"></span>`;

const describe = ({date, text}: Bar): string => `${date}: ${text}`;

const caption = (bars: readonly Bar[], note: string): string => {
	const last = bars.at(-1);
	return last === undefined ? '' : `<div style="${note};text-align:right">${safe(last.text)}</div>`;
};

const column = (bar: Bar): string => {
	const {isBad, stayed, dropped} = bar;
	const blocks =
		isBad || stayed === null
			? [block(badColour, stayed === null ? 6 : Math.max(6, pixels(stayed)))]
			: [block(droppedColour, pixels(dropped)), block(stayedColour, Math.max(2, pixels(stayed)))];
	return `<td valign="bottom" height="${heightPx}" title="${safe(describe(bar))}" style="height:${heightPx}px;padding:0 2px"><table role="presentation" ${layout} width="100%">${blocks.join('')}</table></td>`;
};

const pixels = (part: number): number => Math.round(part * heightPx);

const block = (colour: string, height: number): string =>
	height === 0
		? ''
		: `<tr><td height="${height}" bgcolor="${colour}" style="height:${height}px;background-color:${colour};font-size:1px;line-height:1px">&nbsp;</td></tr>`;
