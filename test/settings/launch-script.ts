import test from 'ava';
import {commandOfScript} from '../../src/settings/launch-script.js';

const command = (text: string, environment = {}) =>
	commandOfScript({file: '/srv/zeo/bin/runzeo', text, environment});

test('the script of mkzeoinstance names its conf', t => {
	const text = `#!/bin/sh
# ZEO instance start script

PYTHON="/usr/bin/python3"
INSTANCE_HOME="/srv/zeo"
ZODB3_HOME="/opt/lib"

CONFIG_FILE="/srv/zeo/etc/zeo.conf"

PYTHONPATH="$ZODB3_HOME"
export PYTHONPATH INSTANCE_HOME

exec "$PYTHON" -m ZEO.runzeo -C "$CONFIG_FILE" \${1+"$@"}
`;
	t.deepEqual(command(text), [
		'/usr/bin/python3',
		'-m',
		'ZEO.runzeo',
		'-C',
		'/srv/zeo/etc/zeo.conf',
	]);
});

test('a script of buildout names its conf in Python', t => {
	const text = `#!/usr/bin/python3

import sys
sys.path[0:0] = [
    '/eggs/ZEO',
    ]

import ZEO.runzeo

if __name__ == '__main__':
    sys.exit(ZEO.runzeo.main(
        ["-C", '/srv/zeo/parts/zeo/etc/zeo.conf']
        + sys.argv[1:]))
`;
	t.deepEqual(command(text), ['runzeo', '-C', '/srv/zeo/parts/zeo/etc/zeo.conf']);
});

test('a script of pip adds nothing', t => {
	const text = `#!/venv/bin/python
import sys
from ZEO.runzeo import main
if __name__ == '__main__':
    sys.exit(main())
`;
	t.deepEqual(command(text), ['runzeo']);
});

for (const [line, expected] of [
	['exec runzeo -C /etc/zeo.conf "$@"', ['runzeo', '-C', '/etc/zeo.conf']],
	["exec /opt/bin/runzeo -C '/etc/my zeo.conf'", ['/opt/bin/runzeo', '-C', '/etc/my zeo.conf']],
	[
		'HERE=$(dirname "$0")\nexec $HERE/runzeo.py -C "$HERE/../etc/zeo.conf"',
		['/srv/zeo/bin/runzeo.py', '-C', '/srv/zeo/bin/../etc/zeo.conf'],
	],
	[
		'HERE="$(cd "$(dirname "$0")/.." && pwd)"\nexec runzeo -C $HERE/etc/zeo.conf',
		['runzeo', '-C', '/srv/zeo/etc/zeo.conf'],
	],
	['exec "$(dirname "$0")/../env/bin/runzeo" -C x "$@"', ['/srv/zeo/env/bin/runzeo', '-C', 'x']],
	['export CONF=/a/b\nrunzeo --configure=${CONF} > /dev/null', ['runzeo', '--configure=/a/b']],
	['runzeo -C ${CONF:-/etc/zeo.conf}', ['runzeo', '-C', '/etc/zeo.conf']],
	['runzeo -C $ETC/zeo.conf', ['runzeo', '-C', '/usr/etc/zeo.conf']],
	['exec runzeo \\\n  -C /etc/zeo.conf', ['runzeo', '-C', '/etc/zeo.conf']],
	['exec runzeo -C a\\ b # why', ['runzeo', '-C', 'a b']],
	['# exec runzeo -C no\nexec runzeo -C yes', ['runzeo', '-C', 'yes']],
] as const) {
	test(`${JSON.stringify(line)} is understood`, t => {
		t.deepEqual(command(`#!/bin/bash\n${line}\n`, {ETC: '/usr/etc'}), [...expected]);
	});
}

test('other programs are not understood', t => {
	t.is(command('\x7fELF'), undefined);
	t.is(command('#!/usr/bin/perl\nexec runzeo'), undefined);
	t.is(command('#!/bin/sh\nsleep 100\n'), undefined);
	t.is(command('#!/usr/bin/python3\nprint(1)\n'), undefined);
	t.is(command(''), undefined);
	t.is(command('#!/bin/sh'), undefined);
});
