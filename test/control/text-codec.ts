import test from 'ava';
import type {Reply, Request, Status} from '../../src/control/messages.js';
import {
	parseTextReply,
	parseTextRequest,
	parseTextStatus,
	renderTextReply,
	renderTextRequest,
	renderTextStatus,
} from '../../src/control/text-codec.js';
import {askPython} from '../helpers/ask-python.js';
import {statusOf} from '../helpers/control-server.js';

const utf8 = (text: string) => Buffer.from(text).toString('latin1');

const means = (line: string, request: Request) =>
	test(`${JSON.stringify(line)} asks for ${JSON.stringify(request)}`, t => {
		const parsed = parseTextRequest(line);
		t.deepEqual('request' in parsed ? parsed.request : parsed, request);
	});

means('status', {request: 'status'});
means('  status  ', {request: 'status'});
means('status\r', {request: 'status'});
means('\tstart now please', {request: 'start'});
means('stop', {request: 'stop'});
means('restart', {request: 'restart', unchecked: true});
means('reopen_transcript', {request: 'reopen-transcript'});
means('kill', {request: 'kill', signal: 15});
means('kill 9', {request: 'kill', signal: 9});
means('kill\v9\f1', {request: 'kill', signal: 9});
means('kill +1_0', {request: 'kill', signal: 10});
means('kill 009', {request: 'kill', signal: 9});
means('kill -0', {request: 'kill', signal: 0});
means('kill -9', {request: 'kill', signal: -9});
means(utf8('kill ٩'), {request: 'kill', signal: 9});
means(utf8('kill 𝟡'), {request: 'kill', signal: 9});
means(utf8('kill \u00a07\u3000'), {request: 'kill', signal: 7});

const refuses = (line: string, reply: string) =>
	test(`${JSON.stringify(line).slice(0, 60)} is refused with ${reply.slice(0, 60)}`, t => {
		t.deepEqual(parseTextRequest(line), {error: reply});
	});

refuses('', 'Empty command');
refuses('   ', 'Empty command');
refuses('help', "Unknown command 'help'; 'help' for a list");
refuses('foo bar', "Unknown command 'foo'; 'help' for a list");
refuses('STATUS', "Unknown command 'STATUS'; 'help' for a list");
refuses("it's", `Unknown command "it's"; 'help' for a list`);
refuses('constructor', "Unknown command 'constructor'; 'help' for a list");
refuses(utf8('stát'), "Unknown command 'stát'; 'help' for a list");
refuses(utf8('\u00a0'), "Unknown command '\\xa0'; 'help' for a list");
refuses('subscribe', "Unknown command 'subscribe'; 'help' for a list");
refuses('foo \xff', "Unknown command 'foo'; 'help' for a list");
refuses('st\xe4tus', "Command not in UTF-8: b'st\\xe4tus'");
refuses('status \xff', "Command not in UTF-8: b'status \\xff'");
refuses('kill abc', "Bad signal 'abc'");
refuses('kill 1.5', "Bad signal '1.5'");
refuses('kill 0x9', "Bad signal '0x9'");
refuses('kill 1__0', "Bad signal '1__0'");
refuses('kill _1', "Bad signal '_1'");
refuses('kill 1_', "Bad signal '1_'");
refuses('kill -', "Bad signal '-'");
refuses('kill +-1', "Bad signal '+-1'");
refuses(utf8('kill ²'), "Bad signal '²'");
refuses(utf8('kill \ufeff9'), "Bad signal '\\ufeff9'");
refuses(`kill ${'9'.repeat(4301)}`, `Bad signal '${'9'.repeat(4301)}'`);

const repeats = (written: string, digits: string) =>
	test(`a failed kill ${written.slice(0, 30)} is answered with all its digits`, t => {
		const parsed = parseTextRequest(`kill ${written}`);
		if (!('request' in parsed) || parsed.request.request !== 'kill') return t.fail();
		t.true(Math.abs(parsed.request.signal) <= 2 ** 31);
		const {signal} = parsed.request;
		const reason = '[Errno 22] Invalid argument';
		t.is(
			renderTextReply({reply: 'kill-failed', signal, reason}, parsed.signalText),
			`Kill ${digits} failed: [Errno 22] Invalid argument\n`,
		);
	});

repeats('999', '999');
repeats('-1', '-1');
repeats('99999999999999999999', '99999999999999999999');
repeats('-00_99999999999999999999', '-99999999999999999999');
repeats('9'.repeat(4300), '9'.repeat(4300));

test('Python counts the same signals', t => {
	const words = [
		'9',
		'+9',
		'-0',
		'٩',
		'𝟡',
		'1_0',
		'1__0',
		'_1',
		'²',
		'\u00a07',
		'0_0',
		'',
		'६७',
		'\ufeff1',
	];
	const answers = askPython(t, {script: 'integers.py', input: words});
	if (answers === undefined) return;
	const ours = words.map(word => {
		const parsed = parseTextRequest(utf8(`kill ${word || 'x'}`));
		return 'signalText' in parsed ? parsed.signalText : null;
	});
	t.deepEqual(ours, answers);
});

const status = statusOf();

test('a status is twelve lines in the order and notation of zdaemon', t => {
	t.is(
		renderTextStatus(status),
		`status=running
now=1795389012.6798544
should_be_up=1
delay=0
backoff=0
lasttime=1795389011.6745198
application=9356
testing=0
manager=9354
backofflimit=10
filename='/usr/bin/sleep'
args=['sleep', '100']
`,
	);
});

test('a status of a stopped program has neither pid nor last start', t => {
	const text = renderTextStatus(
		statusOf({state: 'stopped', wanted: 'down', pid: null, lastStart: 0, now: 1795389012}),
	);
	t.regex(text, /^status=stopped\nnow=1795389012\.0\nshould_be_up=0\ndelay=0\n/);
	t.regex(text, /\nlasttime=0\napplication=0\n/);
});

test('a delay is a time with digits', t => {
	t.regex(renderTextStatus(statusOf({delayUntil: 1795389020})), /^delay=1795389020\.0$/m);
});

test('a status is read back without what the text cannot tell', t => {
	t.deepEqual(parseTextStatus(renderTextStatus(status)), {
		...status,
		readiness: 'unknown',
		version: null,
		since: null,
		restarts: null,
	});
});

const isState = (title: string, differences: Partial<Status>, state: Status['state']) =>
	test(`an old manager's program ${title} is ${state}`, t => {
		t.is(parseTextStatus(renderTextStatus(statusOf(differences)))?.state, state);
	});

isState('with a pid', {}, 'running');
isState('in its start test', {testing: true}, 'starting');
isState('that should be down', {wanted: 'down'}, 'stopping');
isState('about to be killed for a restart', {delayUntil: 1795389099.5}, 'stopping');
isState('that waits for its next start', {pid: null, delayUntil: 1795389099.5}, 'backoff');
isState('without a pid that should be up', {pid: null}, 'starting');
isState('without a pid that should be down', {pid: null, wanted: 'down'}, 'stopped');

test('a text without the pid of the program is no status', t => {
	t.is(parseTextStatus('Command superseded by new command\n'), undefined);
	t.is(parseTextStatus('application=x\n'), undefined);
});

test('a status of a much older manager gets the defaults of zdaemon', t => {
	const parsed = parseTextStatus('application=12\n');
	t.is(parsed?.pid, 12);
	t.is(parsed?.wanted, 'up');
	t.false(parsed?.testing);
	t.deepEqual(parsed?.argv, []);
});

const says = (reply: Reply, text: string, request: Request) =>
	test(`"${reply.reply}" to ${request.request} is ${JSON.stringify(text)} in both directions`, t => {
		t.is(renderTextReply(reply), text);
		t.deepEqual(parseTextReply(text, request), reply);
	});

says({reply: 'started'}, 'Application started\n', {request: 'start'});
says({reply: 'already-started'}, 'Application already started\n', {request: 'start'});
says({reply: 'stopping'}, 'Sent SIGTERM\n', {request: 'stop'});
says({reply: 'already-stopped'}, 'Application already stopped\n', {request: 'stop'});
says({reply: 'restarting'}, 'Sent SIGTERM; will restart later\n', {request: 'restart'});
says({reply: 'signalled', signal: 18}, 'Signal 18 sent\n', {request: 'kill', signal: 18});
says({reply: 'not-running'}, 'Application not running\n', {request: 'kill', signal: 18});
says(
	{reply: 'kill-failed', signal: 999, reason: '[Errno 22] Invalid argument'},
	'Kill 999 failed: [Errno 22] Invalid argument\n',
	{request: 'kill', signal: 999},
);
says({reply: 'reopened', confirmed: true}, '', {request: 'reopen-transcript'});
says({reply: 'refused', reason: 'Empty command'}, 'Empty command\n', {request: 'status'});

test('silence answers nothing but the reopening of the transcript', t => {
	t.is(parseTextReply('', {request: 'stop'}), undefined);
});

test('every request but a subscription can be put to an old manager', t => {
	t.is(renderTextRequest({request: 'kill', signal: 9}), 'kill 9\n');
	t.is(renderTextRequest({request: 'reopen-transcript'}), 'reopen_transcript\n');
	t.is(renderTextRequest({request: 'status'}), 'status\n');
	t.is(renderTextRequest({request: 'subscribe'}), undefined);
});
