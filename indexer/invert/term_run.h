/*
 * Run: what one inverter has gathered, in the byte order of the stems; in
 * memory, or spilled to a temporary file. Any number of cursors may read a
 * run at once, also from several threads.
 *
 * The documents of a run are numbered from 0 as they came to its inverter;
 * `global` says which documents of the index they are.
 */
#ifndef PARASOL_INDEXER_INVERT_TERM_RUN_H
#define PARASOL_INDEXER_INVERT_TERM_RUN_H

#include "common/base/arena.h"
#include "common/codec/varint.h"
#include "indexer/invert/inverter.h"
#include "indexer/write/spool_window.h"

/* A document that is not to be in the index. */
#define PI_NO_DOC UINT32_MAX

/* Behind every document, and behind PI_NO_DOC. */
#define PI_LIST_END ((uint64_t)UINT32_MAX + 1)

/* A place where reading can begin. */
typedef struct pi_mark {
    pc_str stem;     /* the first one there */
    uint64_t at;     /* offset in the file, or place in `order` */
    uint64_t weight; /* bytes from the mark before to this one */
} pi_mark;

typedef struct pi_run {
    const pc_mem *mem;
    /* In memory: */
    pi_inverter *inverter; /* borrowed; NULL: the run is in the file */
    uint32_t *order;       /* stems by bytes */
    uint32_t *form_starts; /* by stem, and the end: where in form_ids */
    uint32_t *form_ids;    /* forms of the stem, by local number */
    /* In the file: */
    pi_spool file;
    size_t window; /* bytes of it that a cursor reads together; 0: 64 KiB */
    /* In both: */
    pi_mark *marks;
    size_t n_marks, marks_cap;
    pc_arena strings;       /* of the marks */
    const uint32_t *global; /* by document; borrowed */
    uint32_t n_docs;
} pi_run;

/*
 * Makes a run of what `v` holds. Borrows `v`, which must not be added to any
 * more, until release or pi_run_spill. Memory: 12 bytes a stem, 4 a form, for
 * the time of the call 32 a stem more. Errors: NOMEM; then release, too.
 */
int pi_run_sort(pi_run *r, pi_inverter *v, const pc_mem *mem,
                parasol_error *err) PC_MUST_USE;

/* Moves the run to a temporary file in `dir`, after which the inverter is not
   needed any more. Errors: NOMEM, FULL, IO. */
int pi_run_spill(pi_run *r, const char *dir, parasol_error *err) PC_MUST_USE;

void pi_run_release(pi_run *r);

/* Bytes of memory beside those of the inverter. */
size_t pi_run_memory(const pi_run *r);

/* Bytes a stem that pi_run_sort needs for a while. */
#define PI_RUN_SORT_BYTES 48u

/* ---- reading ------------------------------------------------------------ */

typedef struct pi_run_form {
    pc_str text;
    uint64_t ctf;
    uint32_t group; /* the joiner's */
} pi_run_form;

typedef struct pi_cursor {
    const pi_run *run;
    pc_str hi;   /* stems from here on are not wanted; empty: all are */
    bool done;   /* no stem */
    pc_str stem; /* the current one */
    uint64_t prefix;
    pi_run_form *forms;
    uint32_t n_forms;
    size_t forms_cap;
    uint64_t at;            /* memory: next place in the order */
    const uint8_t *p, *end; /* bytes of the list at hand */
    uint64_t rest;          /* bytes of the list behind `end` */
    pi_chain_reader chain;
    pc_buf line;            /* memory: pieces of a chain in one */
    pi_spool_window window; /* file */
    pc_buf head;            /* file: stem and forms */
    /* The occurrence that was read last. */
    uint64_t global; /* document of the index, PI_NO_DOC or PI_LIST_END */
    uint32_t doc;    /* in the run, + 1 */
    uint32_t gap;
    uint32_t form;
    bool is_new; /* first occurrence in its document */
} pi_cursor;

/* Before the first stem that is not below `lo`; both strings are borrowed
   until release. */
int pi_cursor_open(pi_cursor *c, const pi_run *run, pc_str lo, pc_str hi,
                   parasol_error *err) PC_MUST_USE;
void pi_cursor_release(pi_cursor *c);

/* Goes to the next stem. Errors: NOMEM, IO, CORRUPT. */
int pi_cursor_next(pi_cursor *c, parasol_error *err) PC_MUST_USE;

/* What pi_cursor_read does where little is left of the bytes at hand, and
   where they are damaged. */
int pi_cursor_read_slow(pi_cursor *c, parasol_error *err) PC_MUST_USE;
int pi_cursor_damaged(parasol_error *err);

/* Reads the occurrence at c->p. */
static inline int pi_cursor_decode(pi_cursor *c, parasol_error *err)
{
    const uint8_t *p = c->p, *end = c->end;
    uint64_t code;
    p = pc_varint_get64(p, end, &code);
    if (PC_UNLIKELY(!p))
        return pi_cursor_damaged(err);
    c->gap = (uint32_t)(code >> PI_CODE_SHIFT);
    c->is_new = (code & PI_CODE_DOC) != 0;
    if (c->is_new) {
        uint32_t step;
        p = pc_varint_get32(p, end, &step);
        if (PC_UNLIKELY(!p || step > c->run->n_docs - c->doc || step == 0))
            return pi_cursor_damaged(err);
        c->doc += step;
        c->global = c->run->global[c->doc - 1];
    }
    c->form = 0;
    if (code & PI_CODE_FORM) {
        p = pc_varint_get32(p, end, &c->form);
        if (PC_UNLIKELY(!p || c->form >= c->n_forms))
            return pi_cursor_damaged(err);
    }
    c->p = p;
    return PC_UNLIKELY(c->doc == 0) ? pi_cursor_damaged(err) : PARASOL_OK;
}

/* Reads an occurrence of the list, first of all the first one. */
static inline int pi_cursor_read(pi_cursor *c, parasol_error *err)
{
    if (PC_UNLIKELY((size_t)(c->end - c->p) < PI_CODE_MAX))
        return pi_cursor_read_slow(c, err);
    return pi_cursor_decode(c, err);
}

#endif
