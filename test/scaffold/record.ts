import test from 'ava';
import {parseRecord, renderRecord} from '../../src/scaffold/record.js';

test('a record is read back, also one that knows fewer answers', t => {
	const record = {answers: {project_slug: 'shop'}, files: {'etc/shop-zeo.conf': '12ab'}};
	t.deepEqual(parseRecord(renderRecord(record)), record);
});

for (const file of ['/etc/passwd', '../x', 'etc/../../x', '.', '..', 'a//b', './a']) {
	test(`a record that names ${file} is none of ours`, t => {
		const text = renderRecord({answers: {}, files: {[file]: '12ab'}});
		t.throws(() => parseRecord(text), {message: 'it is not what zeoctl init has written'});
	});
}
for (const text of ['[]', '{"answers": {"a": 1}, "files": {}}', '{"answers": {}}', '{']) {
	test(`${text} is no record`, t => {
		t.throws(() => parseRecord(text));
	});
}
