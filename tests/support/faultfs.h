/*
 * Faults of the file system on demand. A program that is linked with
 * faultfs.c and the options of parasol_faultfs() (tests/CMakeLists.txt) makes
 * its system calls on files through it; what lies below one folder is counted,
 * and at the n-th operation the process dies, or the operation fails or is cut
 * short. Operations can also be recorded with their data, so that the states
 * that a power cut may leave can be made from them (tests/crash/world.h).
 *
 * The plan is in a shared file, so that it also holds for programs that the
 * process starts: they find it by the environment variable FAULTFS_VARIABLE.
 * fsync is recorded but not done: nothing here outlives the machine.
 *
 * It must never know whose operations they are. Not seen: system calls that
 * are made without the C library, stores through a writable mapping (which end
 * the process with a word).
 */
#ifndef PARASOL_TESTS_SUPPORT_FAULTFS_H
#define PARASOL_TESTS_SUPPORT_FAULTFS_H

#include <stdatomic.h>
#include <stdint.h>

#define FAULTFS_VARIABLE "PARASOL_TEST_FAULTFS"
#define FAULTFS_KILLED 137 /* exit status of a process that was to die */

/* Kinds of operations, as a set of bits. */
enum faultfs_kind {
    FAULTFS_CREATE = 1, /* opening to write */
    FAULTFS_WRITE = 2,
    FAULTFS_SYNC = 4,
    FAULTFS_NAME = 8, /* rename, unlink, link, mkdir, rmdir */
    FAULTFS_SIZE = 16,
    FAULTFS_OPEN = 32, /* opening to read, folders too */
    FAULTFS_READ = 64,
    FAULTFS_LOOK = 128 /* stat, list, map, lock */
};
#define FAULTFS_CHANGES 31u
#define FAULTFS_ALL 255u

enum faultfs_what {
    FAULTFS_NOTHING, /* only count */
    FAULTFS_KILL_BEFORE,
    FAULTFS_KILL_TORN, /* a write is half done; else as after */
    FAULTFS_KILL_AFTER,
    FAULTFS_FAIL,
    FAULTFS_SHORT /* half of a write or read is done */
};

/* The plan, shared by all processes. */
typedef struct faultfs {
    char prefix[512];       /* the folder; "": no operation is looked at */
    char log[512];          /* file of records; "": none */
    int record;             /* whether operations are recorded */
    unsigned kinds;         /* what is counted */
    enum faultfs_what what; /* happens */
    uint64_t at;            /* at this operation, from 1 */
    uint64_t times;         /* and at as many in all; 0: at all that follow */
    int error;              /* errno of FAULTFS_FAIL */
    atomic_ullong count;    /* operations so far */
    atomic_uint hit;        /* how often something happened */
} faultfs;

/* Makes the plan in the file `control` and sets the environment variable.
   It ends with the process. */
faultfs *faultfs_begin(const char *control);

/* Nothing is looked at any more. */
void faultfs_rest(faultfs *f);

/* From now on, with all counters at zero; nothing is logged. `prefix` must
   exist. */
void faultfs_plan(faultfs *f, const char *prefix, unsigned kinds,
                  enum faultfs_what what, uint64_t at, uint64_t times,
                  int error);

/* After faultfs_plan: begins the file `log` anew, for what is said, and if
   `record` is not 0 for operations, too. */
void faultfs_log(faultfs *f, const char *log, int record);

/* Appends a remark to the log (if there is one): that commit `number` was
   reported, and by which words it can be known again. */
void faultfs_say(faultfs *f, uint64_t number, const char *words);

/* While not 0, the calls of this thread are nobody's business. */
void faultfs_hold(int on);

/* ---- records ------------------------------------------------------------ */

enum faultfs_op {
    FAULTFS_OP_SAY = 1,  /* off: number; path: words */
    FAULTFS_OP_CREATE,   /* path */
    FAULTFS_OP_WRITE,    /* off, data */
    FAULTFS_OP_TRUNCATE, /* off: the new size */
    FAULTFS_OP_SYNC,     /* result */
    FAULTFS_OP_SYNC_DIR, /* path, result */
    FAULTFS_OP_RENAME,   /* path to path2 */
    FAULTFS_OP_UNLINK,
    FAULTFS_OP_LINK, /* path2 is the new name */
    FAULTFS_OP_MKDIR,
    FAULTFS_OP_RMDIR
};

/* Each record is this and path, path2, data, without zeros. */
typedef struct faultfs_record_head {
    uint32_t op;
    int32_t result; /* 0 or an errno */
    uint64_t inode;
    uint64_t off;
    uint32_t path_len;
    uint32_t path2_len;
    uint64_t data_len;
} faultfs_record_head;

#endif
