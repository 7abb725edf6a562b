/*
 * What the analysis makes of a text: the words under which a document with it
 * would be found, and why.
 *
 * Threads: any. No function prints or keeps anything.
 */
#ifndef PARASOL_TOKENS_H
#define PARASOL_TOKENS_H

#include <stddef.h>
#include <stdint.h>

#include <parasol/alloc.h>
#include <parasol/searcher.h>
#include <parasol/status.h>
#include <parasol/version.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct parasol_token {
    size_t struct_size;
    size_t start; /* byte range in the text */
    size_t end;
    uint32_t pos;     /* position, from 0 */
    uint32_t span;    /* positions it takes, `pos` among them */
    uint32_t back;    /* of these, before `pos` */
    const char *rule; /* what made it: "word", "compound", ... */
    parasol_str form; /* as written, in small letters; empty: not indexed */
    parasol_str stem; /* what other forms of the word share with it */
} parasol_token;

/* Gets one token, borrowed for the time of the call. Another status than
   PARASOL_OK ends the work. */
typedef int (*parasol_token_fn)(void *user, const parasol_token *token);

/*
 * Calls `each` for every token of `len` bytes of text, in the order of their
 * positions; the parts of a compound come before what it is as a whole.
 * `language` is as for indexing, NULL for English; `alloc` may be NULL.
 * Errors: ARG (unknown language, text of 4 GiB), NOMEM, what `each` returned.
 * Cost: linear.
 */
PARASOL_API int parasol_tokens(const char *language, const char *text,
                               size_t len, parasol_token_fn each, void *user,
                               const parasol_allocator *alloc,
                               parasol_error *err) PARASOL_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
