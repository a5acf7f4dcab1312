import test from 'ava';
import {
	type Corpus,
	type CorpusFile,
	configurationCorpus,
} from '../helpers/configuration-corpus.js';
import {bySize} from '../helpers/full-size.js';
import {givenSeed} from '../helpers/given-seed.js';
import {type Mutation, mutateConfiguration} from '../helpers/mutate-configuration.js';
import {readRaw} from '../helpers/raw-reading.js';
import {firstDifference} from '../helpers/same-values.js';
import {seededRandom} from '../helpers/seeded-random.js';
import {type Reference, type SchemaName, zconfigReference} from '../helpers/zconfig-reference.js';

const mutants = bySize(10_000, 1000);
const seed = givenSeed(20_260_607);

type Case = Mutation & {readonly file: CorpusFile; readonly schema?: SchemaName};

type Verdict = {
	readonly result: 'accepted' | 'refused' | 'crashed';
	/** How we differ from ZConfig. */
	readonly difference: string | undefined;
};

const judge = async (
	{file, bytes, overrides, schema: forced}: Case,
	corpus: Corpus,
	reference: Reference,
): Promise<Verdict> => {
	const ours = readRaw({
		file: file.file,
		bytes,
		overrides,
		environment: corpus.environment,
		cwd: process.cwd(),
		...(forced && {schema: forced}),
	});
	const url = new URL(`file://${file.file.split('/').map(encodeURIComponent).join('/')}`).href;
	const theirs = await reference({schema: ours.schema, url, bytes, overrides});
	if (theirs.result === 'crashed') return {result: 'crashed', difference: undefined};
	if (theirs.result === 'accepted') {
		const difference =
			ours.text === undefined
				? firstDifference(theirs.values, ours.values)
				: `refused: ${ours.text}`;
		return {result: 'accepted', difference};
	}
	return {result: 'refused', difference: refusalDifference(theirs.text, ours.text)};
};

/** Refusals in other words: theirs and ours. */
const exceptions: readonly (readonly [RegExp, RegExp])[] = [
	// Which packages a Python has is its own affair.
	[/^(?:could not load package|import name|error opening schema)/, /^could not load package/],
	// We do not ask the network for a configuration.
	[/^error opening URL https?:/, /^error opening URL https?:.*only files can be read$/],
	// ZConfig goes round until something else is wrong, or its stack is full.
	[/./, /^the file includes itself: /],
];

const refusalDifference = (theirs: string, ours: string | undefined): string | undefined => {
	if (ours === undefined) return `accepted what ZConfig refuses: ${theirs}`;
	if (exceptions.some(([one, other]) => one.test(theirs) && other.test(ours))) return undefined;
	return theirs === ours ? undefined : `ZConfig: ${theirs}\nwe: ${ours}`;
};

const report = (found: readonly string[]): string =>
	`${found.length} differences\n\n${found.slice(0, 20).join('\n\n')}`;

test('every configuration of the corpus reads as ZConfig reads it', async t => {
	const corpus = configurationCorpus(t);
	const reference = zconfigReference(t, corpus.environment);
	if (!reference) return;
	const differences: string[] = [];
	for (const file of corpus.files.filter(({name}) => !name.startsWith('own/'))) {
		for (const schema of ['zdaemon', 'zeoctl', 'runzeo', undefined] as const) {
			const one = {file, bytes: file.bytes, overrides: [], ...(schema && {schema})};
			const {difference} = await judge({...one, description: ''}, corpus, reference);
			if (difference) differences.push(`${file.name} as ${schema}: ${difference}`);
		}
	}
	t.deepEqual(differences, [], report(differences));
});

test('mutated configurations are accepted and refused as ZConfig does it', async t => {
	t.timeout(900_000);
	const corpus = configurationCorpus(t);
	const reference = zconfigReference(t, corpus.environment);
	if (!reference) return;
	const random = seededRandom(seed);
	const files = corpus.files.filter(({name}) => !name.startsWith('own/'));
	const counts = {accepted: 0, refused: 0, crashed: 0};
	const differences: string[] = [];
	for (let number = 0; number < mutants; number++) {
		const file = files[random.below(files.length)];
		if (!file) break;
		const mutation = mutateConfiguration(file.bytes, random);
		const schema = file.isServers ? 'runzeo' : undefined;
		const one: Case = {...mutation, file, ...(schema && {schema})};
		const {result, difference} = await judge(one, corpus, reference);
		counts[result]++;
		if (difference) {
			const text = mutation.bytes.toString('utf8');
			differences.push(
				`mutant ${number}, ${file.name}, ${mutation.description}\n${difference}\n${text}`,
			);
		}
	}
	t.log(`seed ${seed}: ${JSON.stringify(counts)}`);
	t.deepEqual(differences, [], report(differences));
	t.true(counts.accepted >= 0.3 * mutants, `only ${counts.accepted} of ${mutants} were accepted`);
});
