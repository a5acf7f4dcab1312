import test from 'ava';
import {highestExposure, parseExposure} from '../../src/generate/exposure.js';

test('the mark is the last thing that systemd-analyze says', t => {
	const said =
		'✗ UMask= read by all  0.1\n\n→ Overall exposure level for zeo-app.service: 1.5 OK :-)';
	t.is(parseExposure(said), 1.5);
	t.is(parseExposure('→ Overall exposure level for a b.service: 10 DANGEROUS'), 10);
});

test('without a mark there is none', t => {
	t.is(parseExposure('Unknown option --offline'), undefined);
});

test('a unit that listens to systemd-notify may be exposed by as much more as that counts', t => {
	t.is(highestExposure('[Service]\nNotifyAccess=main\n'), 1.5);
	t.is(highestExposure('[Service]\nNotifyAccess=all\n'), 1.7);
});
