import endToEnd from './end-to-end.config.js';

export default {
	...endToEnd,
	files: [
		...[
			'adopted-end',
			'health',
			'logrotate',
			'orphan-output',
			'soak',
			'transcript',
			'transcript-disks',
			'transcript-faults',
		].map(name => `test/end-to-end/${name}.ts`),
		'test/control/fuzz.ts',
		'test/settings/differential.ts',
		'test/settings/fuzz.ts',
		'test/transcript/cut-crash.ts',
		'test/transcript/cut-images.ts',
		'test/transcript/cut-stress.ts',
	],
	concurrency: 1,
	timeout: '2h',
};
