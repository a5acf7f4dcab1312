import {renderPythonString} from '../platform/python-repr.js';
import {isConversionError} from './conversion-error.js';
import type {Datatype} from './datatypes.js';
import type {Child} from './describe.js';
import {
	commandLine,
	type Entry,
	type Frame,
	type Run,
	report,
	type SectionEntry,
	type Subject,
} from './frame.js';
import {addKey} from './section-keys.js';

/** The values of a section that ends: required ones first, then the conversions, both in the order of the schema. */
export const finishSection = (run: Run, frame: Frame): Record<string, unknown> => {
	applyOverrides(run, frame);
	for (const [name, child] of Object.entries(frame.children)) {
		const missing = missingMessage(frame, name, child);
		if (missing) report(run, frame, missing.message, frame.endStyle, frame.end, missing.subject);
	}
	const values: Record<string, unknown> = {};
	for (const [name, child] of Object.entries(frame.children)) {
		values[name] = convertChild(run, frame, name, child);
	}
	return values;
};

const applyOverrides = (run: Run, frame: Frame): void => {
	if (!frame.bag) return;
	for (const {key, value} of frame.bag.values()) {
		addKey(run, frame, {key, value, position: undefined});
	}
	if (frame.bag.hasRest()) {
		const message = 'not all command line options were consumed';
		report(run, frame, message, frame.endStyle, frame.end);
	}
};

const missingMessage = (
	frame: Frame,
	name: string,
	child: Child,
): {message: string; subject: Subject} | undefined => {
	if (child.kind === 'key' && child.presence === 'required' && !frame.keys.has(name)) {
		const subject = {kind: 'missing-key', name, known: []} as const;
		return {message: `no values for ${renderPythonString(name)}; 1 required`, subject};
	}
	if (child.kind === 'multikey' && child.isRequired && !frame.keys.has(name)) {
		const subject = {kind: 'missing-key', name, known: []} as const;
		return {
			message: `not enough values for ${renderPythonString(name)}; 0 found, 1 required`,
			subject,
		};
	}
	if (child.kind === 'section' && child.isRequired && !frame.sections.has(name)) {
		const type = renderPythonString(child.type.name);
		const message = child.isMulti
			? `not enough values for section type ${type}; 0 found, 1 required`
			: `no values for section type ${type}; 1 required`;
		return {message, subject: {kind: 'missing-section', name: child.type.name, known: []}};
	}
	return undefined;
};

const convertChild = (run: Run, frame: Frame, name: string, child: Child): unknown => {
	if (child.kind === 'any-keys') {
		const converted = [...frame.anyKeys].map(([key, entries]) => {
			const values = entries.map(entry => convertValue(run, frame, child.datatype, entry));
			return [key, child.isMulti ? values : values[0]] as const;
		});
		return new Map(converted);
	}
	if (child.kind === 'section') {
		const entries = frame.sections.get(name) ?? [];
		const converted = entries.map(entry => convertSection(run, frame, entry));
		return child.isMulti ? converted : converted[0];
	}
	const entries = frame.keys.get(name) ?? [];
	if (child.kind === 'multikey') {
		return entries.map(entry => convertValue(run, frame, child.datatype, entry));
	}
	const [entry] = entries;
	if (entry) return convertValue(run, frame, child.datatype, entry);
	return child.presence === 'default' ? child.datatype(child.text, run.surroundings) : undefined;
};

const convertValue = (
	run: Run,
	frame: Frame,
	datatype: Datatype<unknown>,
	{value, position}: Entry,
): unknown => {
	if (value === undefined) return undefined;
	try {
		return datatype(value, run.surroundings);
	} catch (error) {
		if (!isConversionError(error)) throw error;
		const style = position ? 'value' : 'specifier';
		report(run, frame, error.message, style, position ?? commandLine);
		return undefined;
	}
};

/** A section is converted when the one around it ends, so that is the position which ZConfig prints. */
const convertSection = (run: Run, frame: Frame, {type, match, end}: SectionEntry): unknown => {
	if (!match) return undefined;
	try {
		return type.convert(match);
	} catch (error) {
		if (!isConversionError(error)) throw error;
		report(run, frame, error.message, 'section', frame.node ? frame.end : end);
		return undefined;
	}
};
