#ifndef FAULT_INJECTION_H
#define FAULT_INJECTION_H

/*
 * A library that is loaded before the others (LD_PRELOAD) into a node under test. It counts the node's calls on the files of one
 * directory and on TCP sockets, and lets things go wrong at a call that was chosen beforehand.
 *
 * STANDSTILL_FAULT_DIRECTORY  the directory whose files count; `lock` does not, its content is a courtesy
 * STANDSTILL_FAULT            what goes wrong: CLASS:N:ACTION[:SEED], several separated by commas
 * STANDSTILL_FAULT_LOG        a file that gets a line for everything that went wrong
 * STANDSTILL_FAULT_COUNTS     a file of 7 numbers of 8 bytes, how often each class was called so far
 * STANDSTILL_LEASH            if set, the process ends when its standard input does
 *
 * CLASS is one of the names below, `disk` for all but `send`, or `any`; N counts calls of the class from 1.
 *
 *   journal-write    a write to journal.sqlite or one of its companions, or a change of their length
 *   journal-sync     fsync or fdatasync of one of them
 *   file-write       a write to another file, such as high-water.next
 *   file-sync        fsync or fdatasync of one
 *   entry            a file appears in the directory, is renamed, or goes away
 *   directory-sync   fsync of the directory
 *   send             bytes are given to a TCP socket
 *
 * ACTION:
 *
 *   kill-before, kill-after   SIGKILL
 *   cut-before, cut-after     a power cut: a part of everything written and not yet flushed is taken back, SEED says which; then SIGKILL
 *   eio, enospc, erofs        the call fails, once; a flush that fails loses what it was to flush
 *   eio-on, enospc-on, erofs-on   this call and all later ones of the class fail
 *   short                     half of the bytes are written, once
 */

#endif
