# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests of feeding stand on: a Mailman 3, a felid, a
Postfix and the outside world's mail server, each in a temporary folder."""

import contextlib
import email
import http.client
import os
import pathlib
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CONTRIB = SOURCE / 'contrib' / 'mailman'
FELID = pathlib.Path(os.environ.get('FELID', SOURCE / 'build' / 'felid'))
MAILMAN_BIN = pathlib.Path('/usr/lib/mailman3/bin')
POSTFIX_BIN = pathlib.Path('/usr/lib/postfix/sbin')

# One list, one author and one reader.
DOMAIN = 'lists.example.org'
LIST = 'dev@lists.example.org'
LIST_ID = 'dev.lists.example.org'
ANN = 'ann@example.net'
BEN = 'ben@example.net'

# Seconds that anything may take on a busy machine.
PATIENCE = 60

# A process in felid's sandbox cannot be traced, as LeakSanitizer would.
ENV = dict(os.environ, ASAN_OPTIONS='detect_leaks=0')


def skip(why):
    """End the program as a test that cannot run here does."""
    print(why)
    sys.exit(77)


def need_mailman():
    if not (MAILMAN_BIN / 'master').exists():
        skip('mailman3 is not installed')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def until(what, test):
    """The first true value of test(); fails after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while True:
        value = test()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError('it does not come about: ' + what)
        time.sleep(0.05)


def takes_mail(path):
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as s:
        s.connect(str(path))
        return True
    return False


def url_in(mail, name):
    """The URL of a field like Archived-At."""
    return ''.join(mail[name].split()).strip('<>')


def contrib(name, replace):
    """The text of a file of contrib/, what is named in it replaced."""
    text = (SOURCE / 'contrib' / name).read_text()
    for what, by in replace.items():
        assert what in text, (name, what)
        text = text.replace(what, str(by))
    return text


def listens(port):
    with contextlib.suppress(OSError):
        socket.create_connection(('127.0.0.1', port), 1).close()
        return True
    return False


def end(process):
    """Ask a process to end, and wait for that."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Case(unittest.TestCase):
    """A test with a temporary folder that others may enter."""

    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix='felid-feed-'))
        self.top.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.top, ignore_errors=True)

    def start(self, name, command, **more):
        """Start a process whose output is kept in NAME.log; it is ended
        with the test, and what it said is shown if that failed."""
        path = self.top / (name + '.log')
        with open(path, 'ab') as log:
            process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, **more)
        self.addCleanup(self.show_log, path)
        self.addCleanup(end, process)
        return process

    def show_log(self, path):
        result = self._outcome.result
        failed = {test.id() for test, _ in result.failures + result.errors}
        if self.id() in failed and path.exists():
            sys.stderr.write('--- {}\n{}'.format(
                path.name, path.read_text(errors='replace')))


# The outside world ---------------------------------------------------------

class Sink:
    """A mail server that takes everything and remembers it."""

    def __init__(self):
        from aiosmtpd.controller import Controller
        self.mails = []
        self.port = free_port()
        self._controller = Controller(
            self, hostname='127.0.0.1', port=self.port)
        self._controller.start()

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content)
        for rcpt in envelope.rcpt_tos:
            self.mails.append((rcpt, message))
        return '250 2.0.0 taken'

    def stop(self):
        self._controller.stop()

    def mails_to(self, rcpt):
        return [message for to, message in list(self.mails) if to == rcpt]


# Mailman -------------------------------------------------------------------

MAILMAN_CFG = '''\
[mailman]
site_owner: owner@example.org
layout: test

[paths.test]
bin_dir: {bin}
var_dir: {top}/mailman

[mta]
incoming: mailman.mta.null.NullMTA
smtp_host: 127.0.0.1
smtp_port: {smtp}
lmtp_host: 127.0.0.1
lmtp_port: {lmtp}
{idle_runners}
{archiver}
'''

# What a post passes through is left running.
IDLE_RUNNERS = ('bounces', 'command', 'nntp', 'rest', 'retry', 'task',
                'digest', 'virgin')

SET_UP = '''\
import sys
from mailman.core.initialize import initialize
initialize(sys.argv[1])
from mailman.app.lifecycle import create_list
from mailman.config import config
from mailman.interfaces.archiver import ArchivePolicy
from mailman.interfaces.domain import IDomainManager
from mailman.interfaces.usermanager import IUserManager
from mailman.utilities.datetime import now
from zope.component import getUtility
domain, posting, policy = sys.argv[2:5]
getUtility(IDomainManager).add(domain)
mlist = create_list(posting)
mlist.archive_policy = ArchivePolicy[policy]
mlist.send_welcome_message = False
for address in sys.argv[5:]:
    user = getUtility(IUserManager).make_user(address)
    found = list(user.addresses)[0]
    found.verified_on = now()
    mlist.subscribe(found)
config.db.commit()
'''


def felid_archiver(case, url):
    """Mailman's section for the plugin, which spools to TOP/spool."""
    path = case.top / 'felid.cfg'
    path.write_text(contrib('mailman/felid.cfg', {
        'https://lists.example.org/archive': url,
        '/var/spool/felid': case.top / 'spool'}))
    return contrib('mailman/mailman.cfg', {
        '/etc/mailman3/felid.cfg': path})


def mail_archiver(case, url):
    """Mailman's section for its own archiver that mails."""
    path = case.top / 'mail_archive.cfg'
    path.write_text(contrib('mailman/mail_archive.cfg', {
        'https://lists.example.org/archive': url}))
    return ('[archiver.mail_archive]\nenable: yes\n'
            'configuration: {}\n'.format(path))


class Mailman:
    """A Mailman with one list; archiver is its section for one."""

    def __init__(self, case, smtp_port, archiver, policy='public',
                 members=(ANN, BEN)):
        self.case = case
        self.port = free_port()
        self.env = dict(os.environ, PYTHONPATH=str(CONTRIB),
                        PYTHONDONTWRITEBYTECODE='1')
        self.var = case.top / 'mailman'
        self.cfg = case.top / 'mailman.cfg'
        self.cfg.write_text(MAILMAN_CFG.format(
            bin=MAILMAN_BIN, top=case.top, smtp=smtp_port, lmtp=self.port,
            idle_runners=''.join('[runner.{}]\nstart: no\n'.format(name)
                                 for name in IDLE_RUNNERS),
            archiver=archiver))
        subprocess.run(
            ['/usr/bin/python3', '-c', SET_UP, str(self.cfg), DOMAIN, LIST,
             policy, *members], env=self.env, cwd=case.top, check=True)
        self.process = case.start(
            'mailman', [MAILMAN_BIN / 'master', '-C', self.cfg],
            env=self.env, cwd=case.top)
        case.addCleanup(self.show_logs)
        until('Mailman listens', lambda: listens(self.port))

    def show_logs(self):
        for path in sorted((self.var / 'logs').glob('*.log')):
            self.case.show_log(path)

    def post(self, message):
        """Give Mailman a post as its mail server would."""
        with smtplib.LMTP('127.0.0.1', self.port) as lmtp:
            lmtp.sendmail(ANN, [LIST], message)


def message(subject, body='Hello.\n', message_id=None, **more):
    """The bytes of a post by Ann."""
    fields = {'From': 'Ann <{}>'.format(ANN), 'To': LIST,
              'Subject': subject, 'Date': email.utils.formatdate(),
              'Message-ID': message_id or email.utils.make_msgid(
                  domain='example.net')}
    fields.update({name.replace('_', '-'): value
                   for name, value in more.items()})
    return ''.join('{}: {}\n'.format(name, value)
                   for name, value in fields.items()
                   if value).encode() + b'\n' + body.encode()


# felid ---------------------------------------------------------------------

class Felid:
    """A felid with the list, not started yet."""

    HOST = 'archive.example.org'

    def __init__(self, case, policy='public', conf='', socket_dir=None):
        self.case = case
        self.store = case.top / 'store'
        self.socket = (socket_dir or case.top) / 'lmtp.sock'
        self.lmtp_port = free_port()
        self.port = free_port()
        self.url = 'http://127.0.0.1:{}'.format(self.port)
        self.process = None
        self.conf = case.top / 'felid.conf'
        self.conf.write_text(
            '[store]\ndir = {}\n[lmtp]\nhost = {}\n{}'.format(
                self.store, self.HOST, conf))
        self.run('list', 'add', LIST_ID, '--address', LIST,
                 '--policy', policy)

    def command(self, name, *args):
        return [FELID, name, '--config', self.conf, *args]

    def run(self, *args):
        return subprocess.run([str(arg) for arg in self.command(*args)],
                              stdout=subprocess.PIPE, check=True, env=ENV)

    def serve(self):
        self.process = self.case.start('felid', self.command(
            'serve', '--http', '127.0.0.1:{}'.format(self.port),
            '--lmtp', self.socket, '--lmtp',
            '127.0.0.1:{}'.format(self.lmtp_port), '--url', self.url),
            env=ENV, start_new_session=True)
        until('felid listens', lambda: listens(self.port) and
              takes_mail(self.socket))

    def stop(self):
        end(self.process)

    def kill(self):
        """Let every process of it go without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        until('its children are gone', lambda: not listens(self.port) and
              not takes_mail(self.socket))

    def forward(self, spool, *args):
        return self.case.start('forward', self.command(
            'forward', '--spool', spool, '--to', self.socket, *args),
            env=ENV)

    def get(self, url):
        """What a URL of ours answers: status, where it leads and body."""
        assert url.startswith(self.url), url
        connection = http.client.HTTPConnection('127.0.0.1', self.port,
                                                timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request('GET', url[len(self.url):])
            response = connection.getresponse()
            place = response.headers.get('Location')
            return (response.status, place and urllib.parse.urljoin(
                url, place), response.read())

    def messages(self):
        """The bodies of all that the list holds, in order of arrival."""
        text = self.run('export', LIST_ID).stdout
        parts = (b'\n' + text).split(b'\nFrom ')[1:]
        return [email.message_from_bytes(part.partition(b'\n')[2])
                for part in parts]


# Postfix -------------------------------------------------------------------

POSTFIX_MAIN_CF = '''\
compatibility_level = 3.6
queue_directory = {top}/spool
data_directory = {top}/data
command_directory = /usr/sbin
daemon_directory = {bin}
mail_owner = postfix
setgid_group = postdrop
myhostname = {domain}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{sink}
alias_maps =
alias_database =
smtp_tls_security_level = none
smtpd_tls_security_level = none
maillog_file = {top}/mail.log
maillog_file_prefixes = {top}
minimal_backoff_time = 5s
queue_run_delay = 5s
'''

POSTFIX_MASTER_CF = '''\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
proxymap unix - - n - - proxymap
showq unix n - n - - showq
'''


def need_postfix():
    if not (POSTFIX_BIN / 'master').exists():
        skip('postfix is not installed')
    if os.geteuid() != 0:
        skip('postfix can be started by root only')


class Postfix:
    """A Postfix with what contrib/postfix says, and felid at a port or,
    if that is given, at a socket; more are further lines of main.cf."""

    def __init__(self, case, sink_port, lmtp_port, socket=None, more=''):
        self.case = case
        self.top = case.top / 'postfix'
        self.etc = self.top / 'etc'
        self.port = free_port()
        for name in ('etc', 'spool', 'data'):
            (self.top / name).mkdir(parents=True)
        shutil.chown(self.top / 'data', 'postfix')
        where = 'lmtp:inet:127.0.0.1:{}'.format(lmtp_port)
        if socket is not None:
            where = 'felid:unix:{}'.format(socket)
        (self.etc / 'transport').write_text(contrib(
            'postfix/transport', {'lmtp:inet:127.0.0.1:8026': where}))
        (self.etc / 'main.cf').write_text(POSTFIX_MAIN_CF.format(
            top=self.top, bin=POSTFIX_BIN, domain=DOMAIN, sink=sink_port) +
            contrib('postfix/main.cf', {'/etc/postfix': self.etc}) + more)
        (self.etc / 'master.cf').write_text(
            POSTFIX_MASTER_CF.format(port=self.port) +
            contrib('postfix/master.cf', {}))
        self.control('start')
        case.addCleanup(case.show_log, self.top / 'mail.log')
        case.addCleanup(self.control, 'stop')
        until('Postfix listens', lambda: listens(self.port))

    def control(self, verb):
        subprocess.run(['/usr/sbin/postfix', '-c', str(self.etc), verb],
                       stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)

    def log(self):
        path = self.top / 'mail.log'
        return path.read_text() if path.exists() else ''
