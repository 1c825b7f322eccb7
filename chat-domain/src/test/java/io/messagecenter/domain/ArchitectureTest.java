package io.messagecenter.domain;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "io.messagecenter.domain";
    private static final List<String> PACKAGES = List.of(
            "account",
            "block",
            "commit",
            "conversation",
            "error",
            "feed",
            "lease",
            "mail",
            "memory",
            "message",
            "password",
            "presence",
            "retention",
            "search",
            "send",
            "seq",
            "session",
            "storage",
            "telemetry",
            "user",
            "webhook");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void everyPackageIsKnownHereAndHasClasses() {
        var packages = CLASSES.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toCollection(TreeSet::new));

        var expected = new TreeSet<String>();
        expected.add(ROOT);
        PACKAGES.forEach(name -> expected.add(ROOT + "." + name));
        assertThat(packages).isEqualTo(expected);
    }

    @Test
    void packagesDependOnEachOtherWithoutCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theDomainNeedsTheJdkAndAnnotationsAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "..", "java..", "javax.crypto..", "org.jspecify.annotations")
                .check(CLASSES);
    }

    @Test
    void onlyTheBuilderKnowsTheAdaptersInMemory() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".memory")
                .and()
                .doNotHaveFullyQualifiedName(MessageCenter.Builder.class.getName())
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".memory")
                .check(CLASSES);
    }

    @Test
    void nothingKnowsTheFrontDoor() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(CLASSES);
    }

    @Test
    void numbersErrorsAndTelemetryStandOnNothingElse() {
        for (var name : List.of("seq", "error", "telemetry")) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + name)
                    .should()
                    .dependOnClassesThat(JavaClass.Predicates.resideInAPackage(ROOT + "..")
                            .and(not(JavaClass.Predicates.resideInAPackage(ROOT + "." + name))))
                    .check(CLASSES);
        }
    }
}
