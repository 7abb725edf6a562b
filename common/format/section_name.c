/*
 * The names of sections.
 */
#include "common/format/section_name.h"

#include "common/base/base.h"
#include "common/format/magic.h"

const char *pc_section_name(uint32_t id)
{
    static const char *const names[PC_SECTION_LAST + 1] = {
        [0] = "MANIFEST",
        [PC_SECTION_META] = "META",
        [PC_SECTION_TERMS] = "TERMS",
        [PC_SECTION_TERM_INDEX] = "TERM_INDEX",
        [PC_SECTION_POSTINGS] = "POSTINGS",
        [PC_SECTION_POSITIONS] = "POSITIONS",
        [PC_SECTION_NORMS] = "NORMS",
        [PC_SECTION_DOC_TABLE] = "DOC_TABLE",
        [PC_SECTION_DOC_FIELDS] = "DOC_FIELDS",
        [PC_SECTION_TEXT] = "TEXT",
        [PC_SECTION_TEXT_INDEX] = "TEXT_INDEX",
        [PC_SECTION_FIELDS_INDEX] = "FIELDS_INDEX",
        [PC_SECTION_SKIPS] = "SKIPS",
        [PC_SECTION_ORDER] = "ORDER",
        [PC_SECTION_COLUMNS] = "COLUMNS",
        [PC_SECTION_IDS] = "IDS",
        [PC_SECTION_LIVE] = "LIVE",
        [PC_SECTION_FILES] = "FILES",
        [PC_SECTION_LANGUAGES] = "LANGUAGES",
    };
    return id <= PC_SECTION_LAST && names[id] ? names[id] : "?";
}
