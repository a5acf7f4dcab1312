"""What is promised of logs, each from the median of all rounds."""
from statistics import median

HEAD = '| promise | value | limit | verdict |\n|---|---|---|---|'


def promises(results):
    """A Markdown table; `results` holds the samples by measurement and system. What was not measured has no row."""
    return '\n'.join([HEAD, *throughput(results), *direct(results), *latency(results), *tail(results)])


def row(title, value, relation, bound):
    kept = value >= bound if relation == '>=' else value <= bound
    return f'| {title} | {value:.2f} | {relation} {bound:g} | {"ok" if kept else "MISSED"} |'


def throughput(results):
    for kind, title, shares in (
        ('blocks', 'writes of 64 KiB', {'supervisord': 1, 'pm2': 2}),
        ('lines', 'one line a write', {'supervisord': .8}),
    ):
        seconds = {name: median(each.seconds for each in floods) for name, floods in results.get(kind, {}).items() if name != 'file'}
        for peer, share in shares.items():
            if 'zeoctl pump' in seconds and peer in seconds:
                yield row(f'pump, {title}: times the speed of {peer}', seconds[peer] / seconds['zeoctl pump'], '>=', share)
    pumped = results.get('blocks', {}).get('zeoctl pump')
    if pumped:
        yield row('pump: most resident memory, MB', max(each.peak for each in pumped), '<=', 60)


def direct(results):
    floods = results.get('long', {})
    ours = floods.get('zeoctl direct')
    if ours:
        seconds = median(each.seconds for each in ours)
        title = f'direct, a flood of {seconds:.0f} s'
        yield row(f"{title}: times the program's own speed", median(floods['file']) / median(each.writing for each in ours), '>=', .95)
        for name, share in (
            ('supervisor', lambda each: each.processor),
            ('helpers (fallocate, flock)', lambda each: each.helpers),
            ('both', lambda each: each.processor + each.helpers),
        ):
            yield row(f'{title}: processor of {name}, %', median(100 * share(each) / each.seconds for each in ours), '<=', 1)


def latency(results):
    flooded = {name: median(samples) for name, samples in results.get('latency', {}).items()}
    for name in ('zeoctl pump', 'zeoctl direct'):
        if name in flooded and 'supervisord' in flooded:
            title = f'{name}, control socket in a flood: times the median of supervisord'
            yield row(f'{title} ({flooded["supervisord"]:.0f} µs)', flooded[name] / flooded['supervisord'], '<=', 1)


def tail(results):
    samples = results.get('tail')
    if samples:
        title = 'last ten lines of a file of 5 GB: times an empty script'
        yield row(title, median(samples['logtail']) / median(samples['node']), '<=', 1.5)
