package io.messagecenter.app;

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

/** The whole project, as the service sees it: who may know whom. */
class ArchitectureTest {
    private static final String ROOT = "io.messagecenter";
    private static final String APP = ROOT + ".app";
    private static final List<String> PACKAGES = List.of(
            "api", "auth", "command", "config", "docs", "edge", "file", "json", "limit", "mail", "operate", "page",
            "problem", "socket", "webhook");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void everyPackageIsKnownHereAndHasClasses() {
        var packages = CLASSES.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackageName)
                .filter(name -> name.equals(APP) || name.startsWith(APP + "."))
                .collect(Collectors.toCollection(TreeSet::new));
        var expected = new TreeSet<String>();
        expected.add(APP);
        PACKAGES.forEach(name -> expected.add(APP + "." + name));
        assertThat(packages).isEqualTo(expected);
    }

    @Test
    void allFourModulesAreLookedAt() {
        for (var module : List.of("domain", "mysql", "redis", "app")) {
            assertThat(CLASSES.stream()
                            .map(JavaClass::getPackageName)
                            .filter(name -> name.startsWith(ROOT + "." + module)))
                    .as(module)
                    .isNotEmpty();
        }
    }

    @Test
    void theDomainKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".domain..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".mysql..", ROOT + ".redis..", APP + "..")
                .check(CLASSES);
    }

    @Test
    void anAdapterKnowsTheDomainAndNeitherTheServiceNorAnotherAdapter() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".mysql..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".redis..", APP + "..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".redis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".mysql..", APP + "..")
                .check(CLASSES);
    }

    @Test
    void ofTheServiceOnlyTheConfigurationKnowsAdaptersAndTheCommandOfTheSchemaItsChangelog() {
        noClasses()
                .that()
                .resideInAPackage(APP + "..")
                .and()
                .resideOutsideOfPackages(APP + ".config", APP + ".command")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".mysql..", ROOT + ".redis..")
                .check(CLASSES);
    }

    @Test
    void whatAnswersRestKnowsNothingOfSocketsAndTheOtherWayRound() {
        noClasses()
                .that()
                .resideInAPackage(APP + ".api")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(APP + ".socket", APP + ".operate", APP + ".config", APP + ".command")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(APP + ".socket")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(APP + ".api", APP + ".operate", APP + ".config", APP + ".command")
                .check(CLASSES);
    }

    @Test
    void packagesDependOnEachOtherWithoutCycles() {
        slices().matching(APP + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheCommandsKnowTheServiceItself() {
        noClasses()
                .that()
                .resideInAPackage(APP + ".(*)..")
                .and()
                .resideOutsideOfPackage(APP + ".command")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(APP)
                .check(CLASSES);
    }
}
