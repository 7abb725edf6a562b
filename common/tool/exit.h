/*
 * Exit statuses of all programs (docs and --help name them).
 */
#ifndef PARASOL_COMMON_TOOL_EXIT_H
#define PARASOL_COMMON_TOOL_EXIT_H

#include <parasol/status.h>

enum pc_exit {
    PC_EXIT_OK = 0,            /* done; for a search: at least one result */
    PC_EXIT_NONE = 1,          /* done, no result */
    PC_EXIT_USAGE = 2,         /* usage or query error; nothing was done */
    PC_EXIT_INCOMPLETE = 3,    /* done, but not for all files */
    PC_EXIT_NOINDEX = 4,       /* no index here, or not readable */
    PC_EXIT_DAMAGED = 5,       /* the index is damaged */
    PC_EXIT_VERSION = 6,       /* index format too new or too old */
    PC_EXIT_LOCKED = 7,        /* another program is writing the index */
    PC_EXIT_RESOURCE = 8,      /* out of memory or disk, or output lost */
    PC_EXIT_INTERNAL = 70,     /* a bug of ours */
    PC_EXIT_INTERRUPTED = 130, /* by a signal, as shells count */
    PC_EXIT_PIPE = 141         /* the reader of the output went away */
};

/* The exit status that tells of a failure with `status`. */
static inline int pc_exit_of(int status)
{
    switch (status) {
    case PARASOL_OK: return PC_EXIT_OK;
    case PARASOL_QUERY:
    case PARASOL_ARG: return PC_EXIT_USAGE;
    case PARASOL_DECODE: return PC_EXIT_INCOMPLETE;
    case PARASOL_NOTFOUND:
    case PARASOL_IO: return PC_EXIT_NOINDEX;
    case PARASOL_CORRUPT: return PC_EXIT_DAMAGED;
    case PARASOL_VERSION: return PC_EXIT_VERSION;
    case PARASOL_LOCKED: return PC_EXIT_LOCKED;
    case PARASOL_NOMEM:
    case PARASOL_FULL: return PC_EXIT_RESOURCE;
    default: return PC_EXIT_INTERNAL;
    }
}

#endif
