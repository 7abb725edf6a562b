/*
 * JSON (RFC 8259), read value by value out of memory. Strict: what the
 * grammar does not have is an error with its place. Bytes above ASCII are
 * passed through as they are; whoever wants UTF-8 looks at them later.
 *
 * One thread at a time may use a reader. Allocates only for strings with
 * escapes.
 */
#ifndef PARASOL_INDEXER_SOURCE_JSON_H
#define PARASOL_INDEXER_SOURCE_JSON_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "indexer/source/json_special.h"

/* Arrays and objects in each other. */
#define PI_JSON_DEPTH 64u

enum pi_json_kind {
    PI_JSON_STRING,
    PI_JSON_NUMBER,
    PI_JSON_WORD, /* true, false */
    PI_JSON_NULL,
    PI_JSON_ARRAY,
    PI_JSON_OBJECT
};

typedef struct pi_json_value {
    enum pi_json_kind kind;
    pc_str text; /* of a string what it says, of all else how it is written */
} pi_json_value;

typedef struct pi_json {
    const char *start, *p, *end;
    pi_json_special *special;
    pc_arena *arena;
    uint64_t replaced; /* escapes that are no character */
    bool inside;       /* a member was read */
    bool nomem;
    const char *wrong; /* what is not JSON, at p; NULL: nothing so far */
} pi_json;

/* Reads `text`, which is borrowed like the strings that come of it; others lie
   in the arena. */
void pi_json_init(pi_json *j, pc_str text, pc_arena *arena);

/*
 * Goes into the object that the text is. False: j->wrong or j->nomem says
 * why.
 */
bool pi_json_open(pi_json *j);

/* The next member of the object. False at its end, after which nothing but
   space follows, or when j->wrong or j->nomem says why not. */
bool pi_json_member(pi_json *j, pc_str *key, pi_json_value *v);

/* Where the reader stands: bytes from the start, from 1. */
uint64_t pi_json_column(const pi_json *j);

/*
 * Appends the strings, numbers and words that stand in an array or object, in
 * their order, with line feeds between them; keys are left out. `v` must have
 * come from pi_json_member. PARASOL_OK or PARASOL_NOMEM.
 */
int pi_json_flatten(pi_json_value v, pc_buf *out, pc_arena *arena) PC_MUST_USE;

#endif
