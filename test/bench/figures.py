"""The figures, their limits, and the table of both."""
import operator
import statistics
from dataclasses import dataclass

RELATIONS = {'<=': operator.le, '<': operator.lt, '>=': operator.ge}


@dataclass(frozen=True)
class Limit:
    """Of the product's value, or of its ratio to another system's."""

    relation: str
    bound: float
    other: str = ''
    # A fraction is shown as it was promised.
    shown: str = ''

    def __str__(self):
        bound = self.shown or f'{self.bound:g}'
        return f'{self.relation} {bound}x {self.other}' if self.other else f'{self.relation} {bound}'

    def judge(self, values):
        """In words, with the ratio."""
        if 'zeoctl' not in values or (self.other and self.other not in values):
            return 'not measured'
        value = values['zeoctl']
        if self.other:
            value = value / values[self.other]
        verdict = 'ok' if RELATIONS[self.relation](value, self.bound) else 'MISSED'
        return f'{verdict} ({value:.3g}x)' if self.other else verdict


@dataclass(frozen=True)
class Figure:
    """One row. `summary` makes the shown value of all samples."""

    title: str
    limits: tuple
    digits: int = 1
    summary: object = statistics.median


def limit(relation, bound, other=''):
    """A fraction may be given as (1, 12)."""
    if isinstance(bound, tuple):
        return Limit(relation, bound[0] / bound[1], other, f'{bound[0]}/{bound[1]}')
    return Limit(relation, bound, other)


RESPAWN = (limit('<=', 1.2, 'runit'), limit('<=', .5, 'pm2'), limit('<=', (1, 300), 'supervisord'))

FIGURES = {
    'status': Figure('`status`, ms', (limit('<=', .3, 'zdaemon'), limit('<=', 1.3, 'node'))),
    'start': Figure('`start` from nothing until the command is done, ms', (limit('<=', (1, 12), 'zdaemon'),)),
    'start-tested': Figure('`start` from nothing until a start test, which always succeeds, has been passed, ms', ()),
    'main': Figure('`start` from nothing until the program is in main(), ms', (limit('<=', .4, 'zdaemon'),)),
    'stop': Figure('`stop` until the program is gone, ms', (limit('<=', .25, 'supervisord'),)),
    'stop-all': Figure('`stop` until the manager is gone, too, ms', ()),
    'respawn': Figure('SIGKILL until the next main(), ms', RESPAWN, digits=2),
    'respawn-guarded': Figure('SIGKILL until the next main() of a program with a Data.fs, ms', RESPAWN, digits=2),
    'p50': Figure('control socket, one client, median, µs', (limit('<=', .65, 'supervisord'),)),
    'rate': Figure('control socket, 100 clients, requests/s', (limit('>=', 12, 'supervisord'),), digits=0),
    'p99': Figure('control socket, 100 clients, 99th percentile, ms', (limit('<', 5),), digits=2),
    'refused': Figure('control socket, 100 clients, refused (most)', (limit('<=', 0),), 0, max),
    'wakeups': Figure('idle for 20 s: wake-ups (most)', (limit('<=', 0),), 0, max),
    'cpu': Figure('idle for 20 s: CPU, ms (most)', (limit('<=', 0),), 2, max),
    'dirty': Figure('idle: private dirty memory of the manager, MB', (limit('<=', .5, 'zdaemon'),)),
    'dirty-helpers': Figure('idle: private dirty memory of its helpers, MB', (), 2),
    'resident': Figure('idle: resident memory of the manager, MB', (limit('<=', 1.15, 'node'),)),
    'resident-helpers': Figure('idle: resident memory of its helpers, MB', ()),
    'burst': Figure('resident 5 s after 300 000 requests, MB', (limit('<', 60),)),
}


class Results:
    """All samples, by figure and system."""

    def __init__(self):
        self.samples = {name: {} for name in FIGURES}

    def add(self, figure, system, value):
        """One sample; None is no sample."""
        if value is not None:
            self.samples[figure].setdefault(system.name, []).append(value)

    def table(self, names):
        """Markdown, one row for each figure that was measured, one column for each system."""
        rows = [['figure', 'n', *names, 'limit', 'verdict'], ['---'] * (len(names) + 4)]
        for key, figure in FIGURES.items():
            samples = self.samples[key]
            if not samples:
                continue
            values = {name: figure.summary(each) for name, each in samples.items()}
            shown = [f'{values[name]:.{figure.digits}f}' if name in values else '' for name in names]
            count = len(samples.get('zeoctl') or next(iter(samples.values())))
            limits = ', '.join(map(str, figure.limits))
            verdicts = ', '.join(each.judge(values) for each in figure.limits)
            rows.append([figure.title, str(count), *shown, limits, verdicts])
        return '\n'.join(f'| {" | ".join(row)} |' for row in rows)
