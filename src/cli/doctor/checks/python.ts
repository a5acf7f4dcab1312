import {type Check, ofConf} from '../check.js';
import {error, type Finding, fine, idle, orFine, warning} from '../finding.js';
import {findFaults} from '../known-faults.js';
import type {PackageFacts, PythonFacts} from '../python-facts.js';
import type {ConfiguredSubject} from '../subject.js';

/** The packages that a server is made of. */
const serverPackages = ['ZEO', 'ZODB'] as const;

const noPython = [idle('the program is not run by a Python that is to be seen')];

const interpreter = ofConf({
	group: 'python',
	name: 'interpreter',
	about: 'the Python of the program answers, and is one that its ZEO and ZODB were released for',
	async run({python}) {
		const facts = await python();
		return facts === undefined ? noPython : judgeVersion(facts);
	},
});

/** Whether the packages name this Python among those that they know. */
export const judgeVersion = ({python, version, packages}: PythonFacts): readonly Finding[] => {
	const minor = version.split('.').slice(0, 2).join('.');
	const troubles = serverPackages.flatMap(name => {
		const facts = packages[name];
		return facts === undefined || knows(facts, minor) ? [] : [foreign(name, facts, minor, python)];
	});
	return orFine(troubles, `${python} is Python ${version}`);
};

/** Only versions with a dot tell: `3` and `Implementation :: CPython` say nothing. */
const knows = ({pythons}: PackageFacts, minor: string): boolean => {
	const named = pythons.filter(each => /^\d+\.\d+$/.test(each));
	return named.length === 0 || named.includes(minor);
};

const foreign = (name: string, {version, pythons}: PackageFacts, minor: string, python: string) =>
	warning(`${name} ${version} was not released for Python ${minor}`, {
		advice: `it knows ${pythons.filter(each => /^\d+\.\d+$/.test(each)).join(', ')}: make the environment with one of them, or take a later ${name}`,
		command: `${python} -m pip index versions ${name}`,
	});

const packages = ofConf({
	group: 'python',
	name: 'packages',
	about: 'ZEO and ZODB are installed for it, and the server can be imported',
	async run(subject) {
		const facts = await subject.python();
		if (facts === undefined) return noPython;
		return isServer(subject) ? judgePackages(facts) : [idle('the program is no ZEO server')];
	},
});

const isServer = ({settings, system}: ConfiguredSubject): boolean =>
	system.findProgramServer(settings) !== undefined;

/** Whether a server can be run with what is installed. */
export const judgePackages = ({python, packages, trouble}: PythonFacts): readonly Finding[] => {
	const install = `${python} -m pip install ZEO`;
	if (packages['ZEO'] === undefined) return [error(`${python} has no ZEO`, {command: install})];
	const names = Object.entries(packages).map(([name, {version}]) => `${name} ${version}`);
	return trouble === undefined
		? [fine(names.join(', '))]
		: [
				error(`ZEO ${packages['ZEO'].version} cannot be imported: ${trouble}`, {
					command: `${python} -c 'import ZEO.runzeo'`,
				}),
			];
};

const faults = ofConf({
	group: 'python',
	name: 'known-faults',
	about: 'no version of ZEO or ZODB that is known to damage data',
	async run({python}) {
		const facts = await python();
		if (facts === undefined) return noPython;
		const found = serverPackages.flatMap(name => {
			const version = facts.packages[name]?.version;
			return version === undefined ? [] : findFaults(name, version);
		});
		return orFine(
			found.map(({text, fixedIn, name}) =>
				error(text, {command: `${facts.python} -m pip install '${name}>=${fixedIn}'`}),
			),
			'none of the known ones',
		);
	},
});

/** The Python of the server and its packages. */
export const pythonChecks: readonly Check[] = [interpreter, packages, faults];
