import unit from './ava.config.js';

export default {
	...unit,
	files: ['test/end-to-end/**/*.ts'],
	concurrency: 3,
	timeout: '10m',
};
