/*
 * Deleting documents of an index without the indexer: a commit of the same
 * segments, in which some documents are dead.
 */
#ifndef PARASOL_TESTS_SUPPORT_KILL_H
#define PARASOL_TESTS_SUPPORT_KILL_H

#include <stddef.h>
#include <stdint.h>

/* Of the newest commit in `path`, documents whose byte in dead[] is not 0 are
   dead from now on, in addition to those that are. Documents count as they
   were added, from 0. Any failure ends the program. */
void kill_documents(const char *path, const uint8_t *dead);

#endif
