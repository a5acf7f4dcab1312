import test from 'ava';
import {formOf} from '../../src/schema/forms.js';
import {parseConfiguration} from '../../src/zconfig/parse.js';

const form = (text: string) =>
	formOf(
		parseConfiguration({
			location: '/x',
			read: () => ({ok: true, url: 'file:///x', text}),
			environment: {},
		}),
	);

for (const [text, expected] of [
	['', 'zdaemon'],
	['<runner/>', 'zdaemon'],
	['<health/>\n<pack 1/>\n<runner/>', 'zdaemon'],
	['<runner>\n<zeo/>\n</runner>', 'zdaemon'],
	['<runner/>\n<zeo/>', 'zeoctl'],
	['<filestorage 1/>\n<runner/>', 'zeoctl'],
	['<relstorage 1/>', 'zdaemon'],
	['%import relstorage\n<relstorage 1/>', 'zeoctl'],
	['%import newt.db\n<relstorage 1/>', 'zeoctl'],
	['%import relstorage\n<postgresql/>', 'zdaemon'],
	['<toString/>', 'zdaemon'],
	['<zodb>\n</zodb>', 'zeoctl'],
	['<zeo', 'zeoctl'],
] as const) {
	test(`${JSON.stringify(text)} is a file of ${expected}`, t => {
		t.is(form(text), expected);
	});
}
