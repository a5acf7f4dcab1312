import endToEnd from './end-to-end.config.js';

export default {
	...endToEnd,
	files: ['adopted-end', 'health', 'orphan-output', 'soak'].map(
		name => `test/end-to-end/${name}.ts`,
	),
	concurrency: 1,
	timeout: '2h',
};
