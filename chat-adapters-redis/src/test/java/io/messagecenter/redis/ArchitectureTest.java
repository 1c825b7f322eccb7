package io.messagecenter.redis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

@AnalyzeClasses(packages = "io.messagecenter.redis", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    void theAdapterKnowsTheDomainItsTwoLibrariesAndTheJdkAlone(JavaClasses adapter) {
        classes()
                .that()
                .resideInAPackage("io.messagecenter.redis..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.messagecenter.redis..",
                        "io.messagecenter.domain..",
                        "redis.clients.jedis..",
                        "com.fasterxml.jackson.core..",
                        "org.jspecify.annotations..",
                        "java..",
                        "javax.net..")
                .allowEmptyShould(false)
                .check(adapter);
    }

    @ArchTest
    void onlyWhatAnApplicationNeedsIsPublic(JavaClasses adapter) {
        assertThat(adapter.stream()
                        .filter(one -> one.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(one -> one.isTopLevelClass())
                        .map(one -> one.getSimpleName()))
                .containsExactlyInAnyOrder("RedisAddress", "RedisCounts", "RedisNotifier", "RedisPresence");
    }
}
