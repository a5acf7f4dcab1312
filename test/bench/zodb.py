"""zeoctl and zdaemon: two programs, one kind of configuration file and command line."""
import functools
import os
import socket
import struct
import subprocess

from machine import NODE, PROJECT, quietly
from system import System

CONF = '''<runner>
  program {program}
  socket-name {folder}/z.sock
  transcript {folder}/program.log
  backoff-limit 2
  forever true
</runner>
'''

DATABASE = '''<zeo>
  address {folder}/zeo.sock
</zeo>
<filestorage 1>
  path {folder}/Data.fs
</filestorage>
'''

# A Data.fs: the magic number and one transaction without records, from the year 2020.
HEAD = struct.pack('>QQcHHH', 0x03D8_0000_0000_0000, 23, b' ', 0, 0, 0)
EMPTY_TRANSACTION = b'FS30' + HEAD + struct.pack('>Q', len(HEAD))


class Zdaemon(System):
    """The original, from the Python environment of the tests."""

    name = 'zdaemon'
    leaves_when_stopped = True

    @staticmethod
    @functools.lru_cache(maxsize=None)
    def python():
        """The Python that has zdaemon, or None."""
        candidates = [
            os.environ.get('ZDAEMON_PYTHON'),
            os.environ.get('ZEOCTL_TEST_PYTHON'),
            f'{PROJECT}/.test-env/bin/python',
        ]
        for python in filter(None, candidates):
            try:
                subprocess.run([python, '-c', 'import zdaemon'], check=True, stderr=subprocess.DEVNULL)
                return python
            except (OSError, subprocess.CalledProcessError):
                continue
        return None

    @classmethod
    def absence(cls):
        return None if cls.python() else 'no Python with zdaemon in ZDAEMON_PYTHON, ZEOCTL_TEST_PYTHON or .test-env'

    @classmethod
    def command(cls):
        """The words before the options."""
        python = cls.python()
        script = f'{os.path.dirname(python)}/zdaemon'
        return [script] if os.access(script, os.X_OK) else [python, '-m', 'zdaemon']

    def prepare(self):
        conf = self.write('z.conf', CONF.format(program=' '.join(self.program), folder=self.folder))
        words = [*self.command(), '-C', conf]
        self.status_argv, self.start_argv, self.stop_argv = ([*words, verb] for verb in ('status', 'start', 'stop'))

    def managers(self):
        """Asked in zdaemon's protocol, which both speak."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(f'{self.folder}/z.sock')
            connection.sendall(b'status\n')
            reply = b''.join(iter(lambda: connection.recv(4096), b'')).decode()
        return [int(line[len('manager='):]) for line in reply.splitlines() if line.startswith('manager=')]

    def down(self):
        quietly(self.stop_argv, self.env)


class Zeoctl(Zdaemon):
    """The product: dist/zeoctl.cjs of this project, or $ZEOCTL."""

    name = 'zeoctl'
    crowd_requests = 20_000

    @staticmethod
    def script():
        """The file that Node runs."""
        return os.environ.get('ZEOCTL') or f'{PROJECT}/dist/zeoctl.cjs'

    @classmethod
    def absence(cls):
        return None if os.path.exists(cls.script()) else f'no {cls.script()}: type npm run build'

    @classmethod
    def command(cls):
        return [NODE, cls.script()]

    def prepare(self):
        super().prepare()
        hello = '{"hello":1,"client":"bench"}\\n'
        self.dialogue = (f'{self.folder}/z.sock', hello, '{"id":1,"request":"status"}\\n', '\\n')

    def with_start_test(self):
        other = type(self)(f'{self.folder}-tested', self.tools)
        other.write('z.conf', other.conf().replace('<runner>', '<runner>\n  start-test-program true'))
        return other

    def conf(self):
        """What stands in its configuration file."""
        with open(f'{self.folder}/z.conf') as file:
            return file.read()

    def with_database(self):
        other = type(self)(f'{self.folder}-database', self.tools)
        other.write('z.conf', DATABASE.format(folder=other.folder) + other.conf())
        with open(f'{other.folder}/Data.fs', 'wb') as file:
            file.write(EMPTY_TRANSACTION)
        return other
