/*
 * Wrapper on libstemmer.
 */
#include "common/text/stem.h"

#include <libstemmer.h>

#include "common/base/fail.h"
#include "common/text/stem_exceptions.h"

#define WORD_MAX 400

struct pc_stemmer {
    const pc_mem *mem;
    struct sb_stemmer *snowball; /* NULL: no stemming */
    bool exceptions;
    bool reads_marks;
};

bool pc_stemmer_known(const char *algorithm)
{
    if (strcmp(algorithm, "none") == 0)
        return true;
    for (const char **name = sb_stemmer_list(); *name; name++)
        if (strcmp(algorithm, *name) == 0)
            return true;
    return false;
}

/* The algorithms for English were written for text without accents. */
static bool reads_marks(const char *algorithm)
{
    static const char *const plain[] = {"none", "english", "porter", "lovins"};
    for (size_t i = 0; i < PC_COUNTOF(plain); i++)
        if (strcmp(algorithm, plain[i]) == 0)
            return false;
    return true;
}

int pc_stemmer_open(pc_stemmer **out, const char *algorithm, const pc_mem *mem,
                    parasol_error *err)
{
    *out = NULL;
    if (!pc_stemmer_known(algorithm))
        return pc_fail(err, PARASOL_ARG, "unknown language \"%s\"", algorithm);
    pc_stemmer *s = pc_zalloc(mem, 1, sizeof *s);
    if (!s)
        return pc_fail_nomem(err);
    s->mem = mem;
    s->reads_marks = reads_marks(algorithm);
    s->exceptions = strcmp(algorithm, "english") == 0;
    if (strcmp(algorithm, "none") != 0) {
        s->snowball = sb_stemmer_new(algorithm, "UTF_8");
        if (!s->snowball) {
            pc_stemmer_free(s);
            return pc_fail_nomem(err);
        }
    }
    *out = s;
    return PARASOL_OK;
}

void pc_stemmer_free(pc_stemmer *s)
{
    if (!s)
        return;
    sb_stemmer_delete(s->snowball);
    pc_free(s->mem, s);
}

pc_str pc_stem(pc_stemmer *s, pc_str word)
{
    if (!s->snowball || word.len == 0 || word.len > WORD_MAX)
        return word;
    if (s->exceptions) {
        pc_str key = pc_stem_exception(word);
        if (key.ptr)
            return key;
    }
    const sb_symbol *stem = sb_stemmer_stem(
        s->snowball, (const sb_symbol *)word.ptr, (int)word.len);
    if (!stem)
        return (pc_str){NULL, 0};
    int len = sb_stemmer_length(s->snowball);
    /* A stemmer must not make a word vanish. */
    if (len <= 0)
        return word;
    return (pc_str){(const char *)stem, (size_t)len};
}

bool pc_stemmer_reads_marks(const pc_stemmer *s)
{
    return s->reads_marks;
}
