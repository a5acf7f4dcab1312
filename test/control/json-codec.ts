import test from 'ava';
import {
	parseClientLine,
	parseServerLine,
	renderError,
	renderHello,
	renderReply,
	renderRequest,
	renderServerHello,
	renderStatusEvent,
	renderStatusReply,
} from '../../src/control/json-codec.js';
import type {Health, Reply, Request, Status} from '../../src/control/messages.js';
import {createStatusWriter} from '../../src/control/status-json.js';
import {statusOf} from '../helpers/control-server.js';

const withExit = statusOf({
	state: 'backoff',
	pid: null,
	lastExit: {
		at: 1795389012.5,
		pid: 77,
		code: null,
		signal: 'SIGKILL',
		uptime: 3.5,
		expected: false,
		description: 'terminated by SIGKILL',
	},
	reason: 'port in use',
	lastOutput: ['Traceback …', "it's"],
});

test('a hello has no white space, whoever says it', t => {
	const asker = {client: 'zeoctl/0.1.0', user: 'Jane Doe\t', pid: 12};
	const line = renderHello(asker);
	t.regex(line, /^\{"hello":1,\S+\}\n$/);
	t.deepEqual(parseClientLine(line), {line: 'hello', asker});
});

test('a hello without claims is a hello', t => {
	t.deepEqual(parseClientLine('{"hello":1}'), {line: 'hello', asker: {client: 'unknown'}});
	t.deepEqual(parseClientLine('{"hello":1,"client":{},"user":1,"pid":-4}'), {
		line: 'hello',
		asker: {client: 'unknown'},
	});
});

test('claims of a hello are cut to a bearable length', t => {
	const parsed = parseClientLine(JSON.stringify({hello: 1, client: 'x'.repeat(9999)}));
	t.is(parsed.line === 'hello' && parsed.asker.client.length, 200);
});

const crosses = (request: Request) =>
	test(`a request to ${request.request} is read as it was written`, t => {
		t.deepEqual(parseClientLine(renderRequest(7, request)), {line: 'request', id: 7, request});
	});

crosses({request: 'status'});
crosses({request: 'start'});
crosses({request: 'stop'});
crosses({request: 'restart'});
crosses({request: 'kill', signal: 10});
crosses({request: 'reopen-transcript'});
crosses({request: 'subscribe'});

test('a status may be asked for as of now', t => {
	const request: Request = {request: 'status', fresh: true};
	t.deepEqual(parseClientLine(renderRequest(7, request)), {line: 'request', id: 7, request});
	t.like(parseClientLine('{"id":1,"request":"status","fresh":"yes"}'), {
		request: {request: 'status'},
	});
});

test('fields that nobody knows are ignored', t => {
	t.deepEqual(parseClientLine('{"id":1,"request":"stop","signal":3,"new":[{}]}'), {
		line: 'request',
		id: 1,
		request: {request: 'stop'},
	});
});

const refuses = (line: string, id: number | null, message: string) =>
	test(`${line.slice(0, 60)} is refused by name`, t => {
		t.deepEqual(parseClientLine(line), {line: 'error', id, message});
	});

const kinds = 'status, start, stop, restart, kill, reopen-transcript, reload, subscribe';
refuses('{', null, 'cannot serve "{": it is not a JSON object');
refuses('[]', null, 'cannot serve "[]": it is not a JSON object');
refuses('null', null, 'cannot serve "null": it is not a JSON object');
refuses('{"a":1', null, 'cannot serve "{\\"a\\":1": it is not a JSON object');
refuses(
	'{"id":"1","request":"status"}',
	null,
	'cannot serve "{\\"id\\":\\"1\\",\\"request\\":\\"status\\"}": it has no whole number as "id"',
);
refuses('{"id":1.5}', null, 'cannot serve "{\\"id\\":1.5}": it has no whole number as "id"');
refuses(
	'{"id":2,"request":"strat"}',
	2,
	`cannot serve "{\\"id\\":2,\\"request\\":\\"strat\\"}": its "request" is none of ${kinds}`,
);
refuses('{"id":3}', 3, `cannot serve "{\\"id\\":3}": its "request" is none of ${kinds}`);
for (const signal of ['"9"', '1.5', '1e99', '-3000000000', 'null', '[9]']) {
	refuses(
		`{"id":4,"request":"kill","signal":${signal}}`,
		4,
		`cannot serve ${JSON.stringify(`{"id":4,"request":"kill","signal":${signal}}`)}: its "signal" is not a signal number`,
	);
}
refuses(
	'{"hello":2}',
	null,
	'cannot serve "{\\"hello\\":2}": this supervisor speaks version 1 of the protocol',
);

test('a long line is quoted by its beginning', t => {
	const parsed = parseClientLine(`{"${'x'.repeat(5000)}`);
	t.true(parsed.line === 'error' && parsed.message.length < 150);
});

const returns = (reply: Reply) =>
	test(`the reply ${JSON.stringify(reply).slice(0, 70)} is read as it was written`, t => {
		t.deepEqual(parseServerLine(renderReply(5, reply)), {line: 'reply', id: 5, reply});
	});

returns({reply: 'status', status: statusOf()});
returns({reply: 'status', status: withExit});
returns({reply: 'started'});
returns({reply: 'already-started'});
returns({reply: 'stopping'});
returns({reply: 'restarting'});
returns({reply: 'already-stopped'});
returns({reply: 'signalled', signal: 9});
returns({reply: 'not-running'});
returns({reply: 'kill-failed', signal: 999, reason: '[Errno 22] Invalid argument'});
returns({reply: 'reopened', confirmed: true});
returns({reply: 'reopened', confirmed: false, reason: 'no such folder'});
returns({reply: 'refused', reason: 'another server has the database'});

test('hello, event and error of a supervisor are read as they were written', t => {
	t.deepEqual(parseServerLine(renderServerHello('zeoctl/0.1.0')), {
		line: 'hello',
		version: 1,
		server: 'zeoctl/0.1.0',
	});
	const status = withExit;
	t.deepEqual(parseServerLine(renderStatusEvent(3, JSON.stringify(status))), {
		line: 'status',
		id: 3,
		status,
	});
	t.deepEqual(parseServerLine(renderStatusReply(3, JSON.stringify(status))), {
		line: 'reply',
		id: 3,
		reply: {reply: 'status', status},
	});
	t.deepEqual(parseServerLine(renderError(null, 'PROTOCOL', 'cannot')), {
		line: 'error',
		id: null,
		code: 'PROTOCOL',
		message: 'cannot',
	});
});

const younger: ReadonlySet<string> = new Set([
	'health',
	'adopted',
	'transcript',
	'configuration',
	'handover',
]);

for (const name of Object.keys(statusOf()) as (keyof Status)[]) {
	test(`a status whose ${name} is missing or of another kind is not believed`, t => {
		for (const value of [undefined, {}, []]) {
			if (Array.isArray(value) && Array.isArray(statusOf()[name])) continue;
			// Supervisors that are older than this field send none.
			if (value === undefined && younger.has(name)) continue;
			const line = JSON.stringify({id: 1, reply: 'status', status: {...statusOf(), [name]: value}});
			t.is(parseServerLine(line), undefined);
		}
	});
}

const health: Health = {
	verdict: 'ready',
	since: 1,
	reason: null,
	activities: [{activity: 'pack', storage: 'main', step: 'copying', percent: 3, since: 2}],
	alarms: [{alarm: 'disk', level: 'alarm', since: 3, text: 'full', advice: null}],
	lastRestart: {at: 4, reason: 'mute'},
};

test('health crosses as it is, and is null where the supervisor tells none', t => {
	const told = statusOf({health});
	const line = JSON.stringify({id: 1, reply: 'status', status: told});
	t.deepEqual(parseServerLine(line), {
		line: 'reply',
		id: 1,
		reply: {reply: 'status', status: told},
	});
	const {health: _, ...untold} = told;
	t.deepEqual(parseServerLine(JSON.stringify({id: 1, reply: 'status', status: untold})), {
		line: 'reply',
		id: 1,
		reply: {reply: 'status', status: {...untold, health: null}},
	});
});

test('a program of a supervisor that knows nothing of adoption was not adopted', t => {
	const {adopted: _, ...untold} = statusOf();
	t.deepEqual(parseServerLine(JSON.stringify({id: 1, reply: 'status', status: untold})), {
		line: 'reply',
		id: 1,
		reply: {reply: 'status', status: {...untold, adopted: false}},
	});
});

for (const [what, wrong] of [
	['a verdict that is none', {verdict: 'fine'}],
	['activities that are no list', {activities: {}}],
	['an activity without a storage', {activities: [{...health.activities[0], storage: undefined}]}],
	['an alarm of another level', {alarms: [{...health.alarms[0], level: 'loud'}]}],
	['a restart without a reason', {lastRestart: {at: 4}}],
] as const) {
	test(`health with ${what} is not believed`, t => {
		const status = {...statusOf(), health: {...health, ...wrong}};
		t.is(parseServerLine(JSON.stringify({id: 1, reply: 'status', status})), undefined);
	});
}

for (const line of [
	'',
	'x',
	'{}',
	'[1]',
	'{"id":1}',
	'{"id":1,"reply":"sure"}',
	'{"reply":"started"}',
]) {
	test(`${JSON.stringify(line)} of a supervisor is not of the protocol`, t => {
		t.is(parseServerLine(line), undefined);
	});
}

test('a status written again differs only where the status does', t => {
	const write = createStatusWriter();
	for (const status of [
		statusOf(),
		statusOf({now: 1795389013}),
		withExit,
		{...withExit, now: 1795389014.25},
		{...withExit, lastExit: null},
		statusOf({argv: ['sleep', '99']}),
	]) {
		t.deepEqual(JSON.parse(write(status)), status);
	}
});

for (const name of Object.keys(statusOf()) as (keyof Status)[]) {
	test(`a status of which only the ${name} has changed is written anew`, t => {
		const write = createStatusWriter();
		const before = statusOf();
		const changed = {...before, [name]: Array.isArray(before[name]) ? ['other'] : 'other'};
		write(before);
		t.not(write(changed), write(before));
	});
}
