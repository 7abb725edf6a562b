# cmake --install: headers, libraries with an export set for find_package,
# pkg-config files, programs, documents.

include(CMakePackageConfigHelpers)
set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/parasol)
set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS parasol_searcher parasol_searcher_static
    parasol_indexer parasol_indexer_static
    EXPORT parasolTargets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS ${parasol_programs}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY include/parasol DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h")

install(EXPORT parasolTargets NAMESPACE parasol:: DESTINATION ${config_dir})
configure_package_config_file(cmake/parasolConfig.cmake.in parasolConfig.cmake
    INSTALL_DESTINATION ${config_dir})
# Before 1.0 a minor version may break, so it must match.
write_basic_package_version_file(parasolConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/parasolConfig.cmake
    ${PROJECT_BINARY_DIR}/parasolConfigVersion.cmake
    cmake/ParasolDependencies.cmake
    DESTINATION ${config_dir})

# The prefix is computed from where the .pc file lies: the installed tree can
# be moved.
file(RELATIVE_PATH pc_to_prefix /${pc_dir} /)
string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
foreach(package parasol parasol-indexer)
    configure_file(cmake/${package}.pc.in ${package}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${package}.pc DESTINATION ${pc_dir})
endforeach()

install(FILES README.md CHANGELOG.md LICENSE
    DESTINATION ${CMAKE_INSTALL_DOCDIR})
# The program looks for it beside its own folder, so the build tree has it, too.
configure_file(data/thesaurus.txt
    ${PROJECT_BINARY_DIR}/share/parasol/thesaurus.txt COPYONLY)
install(FILES data/thesaurus.txt DESTINATION ${CMAKE_INSTALL_DATADIR}/parasol)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR})
