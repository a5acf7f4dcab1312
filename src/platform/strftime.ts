const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];

/** A broader field would be a mistake of the format, and cost its bytes in every record. */
const widestField = 1024;

const directive = /%([_\-0^#]*)(\d*)([EO]?)([\s\S]?)/gu;

/** Which directives an `E` or `O` may not stand before. */
const refusesModifier = {E: 'abdeghjklmwABDFGHIMSUVW', O: 'acxADFXY'};

type Instant = {readonly date: Date; readonly zone: string};

/** One directive: a number with its usual number of digits, a text, or a format made of other directives. */
type Field =
	| {readonly number: number; readonly digits: number; readonly pad?: ' '; readonly signed?: true}
	/** `change` is what the flag `#` does; a fixed text is lower case whatever the flags. */
	| {readonly text: string; readonly change?: 'upper' | 'lower'; readonly fixed?: true}
	| {readonly format: string};

/**
 * Local time as glibc's strftime writes it in the C locale, with its flags (`_ - 0 ^ #`) and widths; an unknown
 * directive stays as it is. `zoneAbbreviation` answers `%Z` (a Date knows only the offset).
 */
export const formatTime = (
	format: string,
	unixSeconds: number,
	zoneAbbreviation: (unixSeconds: number) => string,
): string => {
	const whole = Math.floor(unixSeconds);
	const instant = {
		date: new Date(whole * 1000),
		get zone() {
			return zoneAbbreviation(whole);
		},
	};
	return expand(format, instant);
};

const expand = (format: string, instant: Instant): string =>
	format.replace(
		directive,
		(all, flags: string, digits: string, modifier: string, letter: string) => {
			const width = Number(digits);
			if (width > widestField) return all;
			const isRefused =
				(modifier === 'E' || modifier === 'O') && refusesModifier[modifier].includes(letter);
			const field = isRefused ? undefined : fieldOf(letter, instant);
			return render(field ?? {text: all}, {flags, width, instant});
		},
	);

type Style = {readonly flags: string; readonly width: number; readonly instant: Instant};

const render = (field: Field, style: Style): string => {
	const padding = style.flags.replace(/[\^#]/g, '').at(-1);
	return 'number' in field
		? renderNumber(field, padding, style.width)
		: renderText(field, style).padStart(style.width, padding === '0' ? '0' : ' ');
};

const renderText = (field: Exclude<Field, {number: number}>, {flags, instant}: Style): string => {
	const text = 'format' in field ? expand(field.format, instant) : field.text;
	const change = 'change' in field && flags.includes('#') ? field.change : undefined;
	if (change === 'lower' || ('fixed' in field && field.fixed)) return text.toLowerCase();
	return change === 'upper' || flags.includes('^') ? text.toUpperCase() : text;
};

const renderNumber = (
	{number, digits, pad, signed}: Extract<Field, {number: number}>,
	padding: string | undefined,
	width: number,
): string => {
	const fill = padding === '0' || (padding === undefined && pad === undefined) ? '0' : ' ';
	const columns = padding === '-' ? width : Math.max(digits, width);
	const text = String(Math.abs(number)).padStart(columns, fill);
	if (signed !== true) return number < 0 ? `-${text}` : text;
	return (number < 0 ? '-' : '+').padStart(width, padding === '0' ? '0' : ' ') + text;
};

const fieldOf = (letter: string, instant: Instant): Field | undefined => {
	const {date} = instant;
	const two = (number: number): Field => ({number, digits: 2});
	const spaced = (number: number): Field => ({number, digits: 2, pad: ' '});
	const hour12 = ((date.getHours() + 11) % 12) + 1;
	const meridiem = date.getHours() < 12 ? 'AM' : 'PM';
	const year = date.getFullYear();
	switch (letter) {
		case 'a':
			return {text: (weekdays[date.getDay()] ?? '').slice(0, 3), change: 'upper'};
		case 'A':
			return {text: weekdays[date.getDay()] ?? '', change: 'upper'};
		case 'b':
		case 'h':
			return {text: (months[date.getMonth()] ?? '').slice(0, 3), change: 'upper'};
		case 'B':
			return {text: months[date.getMonth()] ?? '', change: 'upper'};
		case 'c':
			return {format: '%a %b %e %H:%M:%S %Y'};
		case 'C':
			return two(Math.floor(year / 100));
		case 'd':
			return two(date.getDate());
		case 'D':
		case 'x':
			return {format: '%m/%d/%y'};
		case 'e':
			return spaced(date.getDate());
		case 'F':
			return {format: '%Y-%m-%d'};
		case 'g':
			return two(((isoWeek(date).year % 100) + 100) % 100);
		case 'G':
			return {number: isoWeek(date).year, digits: 1};
		case 'H':
			return two(date.getHours());
		case 'I':
			return two(hour12);
		case 'j':
			return {number: dayOfYear(date) + 1, digits: 3};
		case 'k':
			return spaced(date.getHours());
		case 'l':
			return spaced(hour12);
		case 'm':
			return two(date.getMonth() + 1);
		case 'M':
			return two(date.getMinutes());
		case 'n':
			return {text: '\n'};
		case 'p':
			return {text: meridiem, change: 'lower'};
		case 'P':
			return {text: meridiem, fixed: true};
		case 'r':
			return {format: '%I:%M:%S %p'};
		case 'R':
			return {format: '%H:%M'};
		case 's':
			return {number: Math.floor(date.getTime() / 1000), digits: 1, pad: ' '};
		case 'S':
			return two(date.getSeconds());
		case 't':
			return {text: '\t'};
		case 'T':
		case 'X':
			return {format: '%H:%M:%S'};
		case 'u':
			return {number: date.getDay() || 7, digits: 1};
		case 'U':
			return two(Math.floor((dayOfYear(date) + 7 - date.getDay()) / 7));
		case 'V':
			return two(isoWeek(date).week);
		case 'w':
			return {number: date.getDay(), digits: 1};
		case 'W':
			return two(Math.floor((dayOfYear(date) + 7 - ((date.getDay() + 6) % 7)) / 7));
		case 'y':
			return two(((year % 100) + 100) % 100);
		case 'Y':
			return {number: year, digits: 1};
		case 'z':
			return zoneOffset(date);
		case 'Z':
			return {text: instant.zone, change: 'lower'};
		case '%':
			return {text: '%'};
		default:
			return undefined;
	}
};

const zoneOffset = (date: Date): Field => {
	const minutes = -date.getTimezoneOffset();
	const hours = Math.trunc(minutes / 60);
	return {number: hours * 100 + (minutes % 60), digits: 4, signed: true};
};

/** Days since 1 January, counted in calendar days (a day of a clock change is one day). */
const dayOfYear = (date: Date): number =>
	(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) -
		Date.UTC(date.getFullYear(), 0, 1)) /
	86_400_000;

/** ISO 8601: the week belongs to the year that has its Thursday. */
const isoWeek = (date: Date): {readonly year: number; readonly week: number} => {
	const thursday = new Date(
		Date.UTC(date.getFullYear(), date.getMonth(), date.getDate() + 4 - (date.getDay() || 7)),
	);
	const year = thursday.getUTCFullYear();
	const day = (thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000;
	return {year, week: Math.floor(day / 7) + 1};
};
