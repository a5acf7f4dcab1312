// bare.cjs VERB SOCKET PROGRAM ARGUMENT: the least that a supervisor in Node can do, as a floor for all of them. It
// starts its program again whenever it ends, at once, and looks at nothing: no log, no lock, no limit, no status.
'use strict';
const {spawn} = require('node:child_process');
const {writeSync} = require('node:fs');
const {connect, createServer} = require('node:net');

const [, script, verb, socket, ...program] = process.argv;

const verbs = {
	// Done when the program runs.
	start() {
		const words = [script, 'supervise', socket, ...program];
		const stdio = ['ignore', 'ignore', 'ignore', 'pipe'];
		const supervisor = spawn(process.execPath, words, {detached: true, stdio});
		supervisor.stdio[3].once('data', () => process.exit(0));
	},
	// Done when the program and its supervisor are gone.
	stop() {
		connect(socket)
			.on('close', () => process.exit(0))
			.end('stop\n');
	},
	supervise() {
		let isWanted = true;
		let child;
		const run = () => {
			child = spawn(program[0], program.slice(1), {stdio: 'ignore'});
			child.once('exit', () => (isWanted ? run() : leave()));
		};
		// A connection ends with the process.
		const server = createServer({allowHalfOpen: true}, connection => {
			connection.once('data', () => {
				isWanted = false;
				child.kill('SIGTERM');
			});
		}).listen(socket);
		const leave = () => {
			server.close();
			process.exit(0);
		};
		run();
		writeSync(3, '.');
	},
};
verbs[verb]();
