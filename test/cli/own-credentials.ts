import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {ownCredentials} from '../../src/cli/own-credentials.js';
import type {ServerSettings} from '../../src/settings/settings.js';
import {passwordHash} from '../../src/zeo/digest.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const serverWith = (authenticationDatabase?: string): ServerSettings => ({
	confPath: undefined,
	storages: [],
	hasEventLog: false,
	zeo: {
		...{address: {family: 'inet', host: '', port: 8100}, readOnly: false, tls: undefined},
		...{transactionTimeout: undefined, pidFilename: undefined},
		...(authenticationDatabase !== undefined && {authenticationDatabase}),
	},
});

test('what a database of ZEO 4 keeps of a user is as good as the password', t => {
	const file = path.join(temporaryFolder(t), 'users');
	const hash = passwordHash({user: 'alice', password: 'secret'}, 'My Realm');
	writeFileSync(file, `realm My Realm\nalice: ${hash}\nbob: 1\n`);
	const credentials = ownCredentials(serverWith(file));
	t.deepEqual(credentials, {user: 'alice', hash});
	t.is(credentials && passwordHash(credentials, 'My Realm'), hash);
});

test('without a database, or a user in it, nobody is known', t => {
	const file = path.join(temporaryFolder(t), 'users');
	t.is(ownCredentials(serverWith()), undefined);
	t.is(ownCredentials(serverWith(file)), undefined);
	writeFileSync(file, 'realm x\n');
	t.is(ownCredentials(serverWith(file)), undefined);
});
