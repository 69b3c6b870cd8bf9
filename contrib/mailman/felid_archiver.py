# SPDX-License-Identifier: Apache-2.0
#
# This file imports GNU Mailman, which is under the GPL version 3 or later;
# the two licences are compatible, and what runs together is under the GPL.
"""Mailman 3's archiver plugin for felid.

``permalink`` and ``list_url`` are computed from the message and the
configuration alone: nothing is asked of the archive, which may be down.
``archive_message`` puts the message into a spool folder, durably, and
returns; felid-forward(1) takes it from there.  See README.md.
"""

import io
import itertools
import logging
import os
import time

from configparser import Error as ConfigError
from email.generator import BytesGenerator
from mailman.config import config
from mailman.config.config import (
    MissingConfigurationFileError, external_configuration)
from mailman.interfaces.archiver import IArchiver
from urllib.parse import quote
from zope.interface import implementer

import felid_permalink


log = logging.getLogger('mailman.archiver')

# Mailman makes dozens of Archiver objects for each post, so all state is
# here: what the configuration files said, by path, and the number of
# messages spooled by this process.
_settings = {}
_counter = itertools.count()


class Settings:
    """What [archiver.felid]'s configuration file says."""

    def __init__(self, path):
        general = external_configuration(path)['general']
        # Not get(): "%" in a URL is no interpolation, and a key that is
        # not there is to be an error.
        values = dict(general.parser.items(general.name, raw=True))
        self.base_url = values['base_url'].rstrip('/')
        self.spool = values['spool']


def settings():
    """The Settings in force, read at the first call."""
    path = config.archiver.felid.configuration
    if path not in _settings:
        _settings[path] = Settings(path)
    return _settings[path]


def wanted(msg):
    """Whether Mailman will archive msg: the test of its to-archive."""
    return ('x-no-archive' not in msg and
            str(msg.get('x-archive', '')).lower() != 'no')


def key_of(msg):
    """The first candidate: by Message-ID, else by the originator's text."""
    # The whole header, since it also decides where the header ends: the
    # archive reads no field behind a line that is none.
    header = b''.join(msg.policy.fold_binary(name, value)
                      for name, value in msg.raw_items())
    return felid_permalink.names(header + b'\n').candidates()[0]


def message_octets(msg):
    """The octets of msg, its lines not folded anew."""
    out = io.BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, maxheaderlen=0,
                       policy=msg.policy).flatten(msg)
    except (UnicodeError, LookupError):
        # A charset that Python does not know: Mailman has its own way.
        return msg.as_bytes()
    return out.getvalue()


def sync_folder(path):
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def spool(folder, list_id, sender, octets):
    """Put one message into the spool; it is on disk when this returns.

    The form of the file is in felid-forward(1).  Names sort by time.
    """
    name = '{:020d}.{}.{}'.format(
        time.time_ns(), os.getpid(), next(_counter))
    for part in ('tmp', 'new'):
        os.makedirs(os.path.join(folder, part), mode=0o2770, exist_ok=True)
    written = os.path.join(folder, 'tmp', name)
    envelope = 'felid-spool-1\nlist-id: {}\nsender: {}\n\n'.format(
        list_id, sender)
    try:
        fd = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o660)
        with open(fd, 'wb') as out:
            out.write(envelope.encode('utf-8'))
            out.write(octets)
            out.flush()
            os.fsync(fd)
        os.rename(written, os.path.join(folder, 'new', name))
    except OSError:
        try:
            os.unlink(written)
        except FileNotFoundError:
            pass
        raise
    sync_folder(os.path.join(folder, 'new'))


@implementer(IArchiver)
class Archiver:
    """felid, by way of its spool."""

    name = 'felid'
    is_enabled = False

    def list_url(self, mlist):
        """See `IArchiver`."""
        try:
            return '{}/{}/'.format(settings().base_url, quote(mlist.list_id))
        except (ConfigError, KeyError, MissingConfigurationFileError):
            log.exception('felid: cannot read the configuration')
            return None

    def permalink(self, mlist, msg):
        """See `IArchiver`."""
        # A message that will not be archived has no place there.
        if not wanted(msg):
            return None
        base = self.list_url(mlist)
        if base is None:
            return None
        try:
            return '{}{}/'.format(base, key_of(msg))
        except Exception:
            # Whatever a message brings, it must not stop its delivery.
            log.exception('felid: no permalink for %s', msg['message-id'])
            return None

    def archive_message(self, mlist, msg):
        """See `IArchiver`."""
        try:
            spool(settings().spool, mlist.list_id, mlist.posting_address,
                  message_octets(msg))
        except Exception:
            # Mailman would log this and forget the message.  Its shunt
            # queue keeps it: "mailman unshunt" brings it here again.
            log.exception('felid: cannot spool %s: shunted',
                          msg['message-id'])
            config.switchboards['shunt'].enqueue(
                msg, listid=mlist.list_id, whichq='archive')
        return None
