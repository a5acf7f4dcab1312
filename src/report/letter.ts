/** Something that is said in one sentence; `isBad`: it needs a person. */
export type Remark = {readonly isBad: boolean; readonly text: string};

/** One line of a table: what was measured before and after, and the difference. Empty where there is nothing to say. */
export type Row = {
	readonly label: string;
	readonly before: string;
	readonly after: string;
	readonly change: string;
};

/** One bar of a chart: what stayed and what was dropped, as parts of the largest; null when nothing was measured. */
export type Bar = {
	readonly date: string;
	readonly isBad: boolean;
	readonly stayed: number | null;
	readonly dropped: number;
	/** Such as `1.9 GB to 812 MB`, or why there is nothing. */
	readonly text: string;
};

/** A part of a letter. Program output is shown line by line as it is. */
export type Section = {
	readonly title: string;
	/** Such as the outcome; empty when there is none. */
	readonly tag: string;
	readonly isBad: boolean;
	readonly rows: readonly Row[];
	readonly remarks: readonly Remark[];
	readonly bars: readonly Bar[];
	readonly output: readonly string[];
};

/**
 * What a report says, in the order in which it says it, for any form. The words are not escaped: whoever writes them
 * into a mail header, a page or a terminal does that.
 */
export type Letter = {
	readonly subject: string;
	readonly isBad: boolean;
	/** Whose letter it is, such as `main on db1`. */
	readonly about: string;
	readonly headline: string;
	readonly facts: readonly (readonly [label: string, value: string])[];
	readonly sections: readonly Section[];
	/** Where to read on. */
	readonly footer: string;
};

/** A section that holds only what is given. */
export const section = (given: Pick<Section, 'title'> & Partial<Section>): Section => ({
	tag: '',
	isBad: false,
	rows: [],
	remarks: [],
	bars: [],
	output: [],
	...given,
});
