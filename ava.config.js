export default {
	files: [
		'test/**/*.ts',
		'!test/helpers/**',
		'!test/fixtures/**',
		'!test/end-to-end/**',
		'!test/bench/**',
		'!test/soak/**',
	],
	typescript: {
		rewritePaths: {'src/': 'build/src/', 'test/': 'build/test/'},
		compile: false,
	},
	workerThreads: false,
	timeout: '3m',
};
