import test from 'ava';
import {checkConfiguration} from '../../src/settings/check.js';
import {isConfigurationError} from '../../src/settings/configuration-error.js';
import {type FileSystem, nodeFileSystem} from '../../src/settings/file-system.js';
import {loadSettings} from '../../src/settings/load.js';
import {resolveServer} from '../../src/settings/server.js';
import {configurationCorpus} from '../helpers/configuration-corpus.js';
import {bySize} from '../helpers/full-size.js';
import {givenSeed} from '../helpers/given-seed.js';
import {mutateConfiguration} from '../helpers/mutate-configuration.js';
import {type SeededRandom, seededRandom} from '../helpers/seeded-random.js';

const mutants = bySize(10_000, 1000);
const seed = givenSeed(20_260_608);

/** A longer change than people make: several mutations, or a part of the file many times over. */
const mutateHard = (bytes: Buffer, random: SeededRandom): Buffer => {
	let mutated = bytes;
	for (let rounds = 1 + random.below(6); rounds > 0; rounds--) {
		mutated = mutateConfiguration(mutated, random).bytes;
	}
	if (random.below(50) > 0) return mutated;
	const start = random.below(mutated.length + 1);
	const part = mutated.subarray(start, start + 1 + random.below(40)).toString('latin1');
	return Buffer.concat([mutated, Buffer.from(part.repeat(5000), 'latin1')]);
};

test('no configuration crashes or hangs, and every refusal names its place', t => {
	t.timeout(600_000);
	const corpus = configurationCorpus(t);
	const {environment} = corpus;
	const random = seededRandom(seed);
	let loaded = 0;
	for (let number = 0; number < mutants; number++) {
		const original = corpus.files[random.below(corpus.files.length)];
		if (!original) return t.fail();
		const bytes = mutateHard(original.bytes, random);
		const label = `seed ${seed}, mutant ${number} of ${original.name}`;
		const fileSystem: FileSystem = {
			...nodeFileSystem,
			readFile: path => (path === original.file ? bytes : nodeFileSystem.readFile(path)),
		};
		const place = {environment, cwd: corpus.root, fileSystem};
		const options = {overrides: {configFile: original.file}, ...place};
		const started = process.hrtime.bigint();
		const report = checkConfiguration(options);
		try {
			resolveServer(loadSettings(options), place);
			loaded++;
		} catch (error) {
			if (!isConfigurationError(error)) throw new Error(label, {cause: error});
			const [first] = error.problems;
			if (!first) throw new Error(`${label}: refused without a problem`);
			if (first.style !== 'none' && (!first.url || !first.line)) {
				throw new Error(`${label}: no place for ${first.message}`);
			}
			if (error.message === '' || report.findings.every(({severity}) => severity !== 'error')) {
				throw new Error(`${label}: check and load disagree: ${error.message}`);
			}
		}
		const seconds = Number(process.hrtime.bigint() - started) / 1e9;
		if (seconds > 20) throw new Error(`${label}: took ${seconds} s`);
	}
	t.log(`seed ${seed}: ${loaded} of ${mutants} loaded`);
	t.true(loaded > mutants / 50);
});

test('noise is refused', t => {
	const random = seededRandom(seed);
	for (let number = 0; number < 300; number++) {
		const bytes = Buffer.from(Array.from({length: random.below(400)}, () => random.below(256)));
		const error = t.throws(() =>
			loadSettings({
				overrides: {configFile: '/noise.conf'},
				environment: {},
				cwd: '/',
				fileSystem: {...nodeFileSystem, readFile: () => bytes},
			}),
		);
		if (!isConfigurationError(error)) return t.fail(String(error));
	}
	return t.pass();
});

test('a file of ten megabytes is read in a moment', t => {
	const line = 'A_VARIABLE with some value that is not short at all\n';
	const lines = Array.from({length: 200_000}, (_, index) => `N${index} ${line.trim()}`).join('\n');
	const text = `<runner>\nprogram x\n</runner>\n<environment>\n${lines}\n</environment>\n`;
	const settings = loadSettings({
		overrides: {configFile: '/big.conf'},
		environment: {},
		cwd: '/',
		fileSystem: {...nodeFileSystem, readFile: () => Buffer.from(text)},
	});
	t.is(Object.keys(settings.environment).length, 200_000);
});
