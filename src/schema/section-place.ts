import {renderPythonString} from '../platform/python-repr.js';
import type {SectionNode} from '../zconfig/tree.js';
import type {SectionType} from './describe.js';
import type {Frame, Run, SectionChild, Subject} from './frame.js';

/** Why no child takes a section. */
export type Misplaced = {
	readonly message: string;
	readonly subject?: Subject;
	/** The child that would have taken it under another name. */
	readonly meant?: string;
};

/** The name of the child that takes the section, or why none does. */
export const findPlace = (run: Run, frame: Frame, node: SectionNode): string | Misplaced => {
	const type = run.registry.get(node.type);
	if (type === undefined) {
		return {
			message: `unknown type name: ${renderPythonString(node.type)}`,
			subject: unknownSection(run, frame, node),
		};
	}
	if (type.kind === 'abstract-type') {
		return {
			message: `concrete sections cannot match abstract section types; found abstract type ${renderPythonString(node.type)}`,
		};
	}
	for (const [place, child] of Object.entries(frame.children)) {
		if (child.kind !== 'section') {
			const key = child.kind === 'any-keys' ? '+' : place;
			if (key === node.name) return {message: `section name ${key} already in use for key`};
			continue;
		}
		if (!accepts(child, type)) continue;
		const isRefused = node.name === '*' || node.name === '+' || (child.isNamed && !node.name);
		if (!isRefused) return place;
		const shown = node.name === undefined ? 'None' : renderPythonString(node.name);
		const message = `${shown} is not an allowed name for ${renderPythonString(child.type.name)} sections`;
		return {message, meant: place};
	}
	return {
		message: `no matching section defined for type='${node.type}', name='${node.name ?? 'None'}'`,
		subject: unknownSection(run, frame, node),
	};
};

const unknownSection = (run: Run, frame: Frame, {type}: SectionNode): Subject => ({
	kind: 'unknown-section',
	name: type,
	known: acceptedTypes(run, frame),
});

const accepts = ({type}: SectionChild, found: SectionType<unknown>): boolean =>
	type.kind === 'abstract-type' ? found.implements === type.name : found.name === type.name;

const acceptedTypes = (run: Run, frame: Frame): readonly string[] => {
	const places = Object.values(frame.children).filter(child => child.kind === 'section');
	return run.registry.names().filter(name => {
		const type = run.registry.get(name);
		return type?.kind === 'section-type' && places.some(place => accepts(place, type));
	});
};
