import type {TranscriptMatch} from '../schema/zeoctl.js';
import type {TranscriptSettings} from './settings.js';

const megabyte = 1024 ** 2;

/** What a conf without a `<transcript>` section means: the same as an empty one, which a test compares. */
const withoutSection: TranscriptSettings = {
	mode: 'direct',
	maxSize: 10 * megabyte,
	oldFiles: 7,
	totalSize: 200 * megabyte,
	compress: true,
	timestamps: false,
	format: 'text',
	onSlow: 'drop',
	queueSize: 8 * megabyte,
	isAsked: false,
};

/** The settings of a `<transcript>` section; every transcript is rotated, also where there is none. */
export const transcriptSettings = (section: TranscriptMatch | undefined): TranscriptSettings => {
	if (section === undefined) return withoutSection;
	const {values} = section;
	const maxAge = values['max-age'];
	return {
		mode: values.mode,
		maxSize: values['max-size'],
		...(maxAge !== undefined && {maxAge}),
		oldFiles: values['old-files'],
		totalSize: values['total-size'],
		compress: values.compress,
		timestamps: values.timestamps,
		format: values.format,
		onSlow: values['on-slow'],
		queueSize: values['queue-size'],
		isAsked: true,
	};
};
