package io.messagecenter.mysql;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final com.tngtech.archunit.core.domain.JavaClasses adapter = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.messagecenter.mysql");

    @Test
    void theAdapterKnowsTheDomainAndItsOwnLibrariesAlone() {
        assertThat(adapter).isNotEmpty();
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.messagecenter.mysql..",
                        "io.messagecenter.domain..",
                        "org.jdbi.v3.core..",
                        "liquibase..",
                        "com.github.benmanes.caffeine.cache..",
                        "org.jspecify.annotations..",
                        "java..",
                        "javax.sql..")
                .check(adapter);
    }

    @Test
    void itsPublicFaceIsTheStorageTheUrlAndTheImport() {
        assertThat(adapter)
                .filteredOn(type -> type.getModifiers().contains(JavaModifier.PUBLIC) && type.isTopLevelClass())
                .extracting(type -> (Object) type.getSimpleName())
                .containsExactlyInAnyOrder("MysqlStorage", "JdbcUrl", "DjangoImport", "DjangoImportException");
    }
}
