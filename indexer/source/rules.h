/*
 * The rules of one ignore file, in the syntax of .gitignore: a pattern a
 * line, `#` comments, `!` takes back, a slash at the end is for folders only,
 * one before it ties the pattern to the folder of the file. The last rule
 * that matches decides. Source: git's own documentation, gitignore(5), and
 * where it is silent, what git does.
 */
#ifndef PARASOL_INDEXER_SOURCE_RULES_H
#define PARASOL_INDEXER_SOURCE_RULES_H

#include "indexer/source/glob.h"

typedef struct pi_rule {
    pc_str text; /* the line without spaces at its end; zero-terminated */
    uint64_t line;
    bool negated; /* takes back what a rule before it ignores */
    /* Private: */
    bool folders; /* matches folders only */
    bool by_name; /* matches the name in any folder below */
    pc_str plain; /* what the path begins with, or the name ends with */
    pi_glob glob; /* of what follows; no steps: nothing */
    bool ends;    /* `plain` is the end of a name */
} pi_rule;

typedef struct pi_rules {
    pi_rule *list;
    size_t n;
} pi_rules;

/* Reads the content of an ignore file. Nothing in it is an error. The rules
   are borrowed from the arena. PARASOL_OK or PARASOL_NOMEM. */
int pi_rules_read(pi_rules *r, pc_str content, pc_arena *arena) PC_MUST_USE;

/*
 * The last rule that matches `path`, which is relative to the folder of the
 * file, without a slash at its ends; NULL if none does. One thread at a time.
 * Cost: a look at each rule, and where it is no plain text its length times
 * that of the path.
 */
const pi_rule *pi_rules_last(const pi_rules *r, pc_str path, bool is_folder);

#endif
