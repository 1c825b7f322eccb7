package io.messagecenter.app.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables in YAML: {@code ${NAME}}, {@code ${NAME:-value}}, where the value may have further ones, and
 * {@code $${NAME}} for these very characters. They are put in once the YAML was read, so that nothing in them is taken for
 * YAML, or shown with a line of it: passwords have quotes and backslashes. Where one is all there is, and not quoted, one
 * that is empty says nothing, and an element of a list stands for as many as there are between commas.
 */
final class EnvironmentVariables {
    /** Characters that YAML takes for letters, and nobody writes. */
    private static final char BEFORE = '\uE000';

    private static final char AFTER = '\uE001';
    private static final Pattern MARK = Pattern.compile(BEFORE + "[^" + AFTER + "]*?([0-9]+)" + AFTER);
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Function<String, @Nullable String> environment;
    private final List<Variable> variables = new ArrayList<>();

    EnvironmentVariables(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    private record Variable(String name, Optional<String> otherwise, boolean quoted) {}

    /** Puts a mark in the place of every variable, which is the same word to YAML wherever it stands. */
    String mark(String yaml) {
        var marked = new StringBuilder(yaml.length());
        for (int at = 0; at < yaml.length(); at++) {
            int end = yaml.startsWith("${", at) ? end(yaml, at) : -1;
            if (yaml.startsWith("$${", at)) {
                marked.append("${");
                at += 2;
            } else if (end >= 0) {
                var variable = variable(yaml.substring(at + 2, end), isQuoted(yaml, at, end));
                marked.append(BEFORE).append(variable.name()).append('.').append(variables.size());
                marked.append(AFTER);
                variables.add(variable);
                at = end;
            } else {
                marked.append(yaml.charAt(at));
            }
        }
        return marked.toString();
    }

    /** Where what begins here ends, in the same line; -1 if it is no variable. */
    private static int end(String yaml, int at) {
        int open = 0;
        for (int i = at; i < yaml.length() && yaml.charAt(i) != '\n'; i++) {
            if (yaml.startsWith("${", i)) {
                open++;
            } else if (yaml.charAt(i) == '}' && --open == 0) {
                var name = yaml.substring(at + 2, i).split(":-", 2)[0];
                return NAME.matcher(name).matches() ? i : -1;
            }
        }
        return -1;
    }

    private static boolean isQuoted(String yaml, int at, int end) {
        char before = at > 0 ? yaml.charAt(at - 1) : ' ';
        return (before == '"' || before == '\'') && end + 1 < yaml.length() && yaml.charAt(end + 1) == before;
    }

    private static Variable variable(String text, boolean quoted) {
        var parts = text.split(":-", 2);
        return new Variable(parts[0], parts.length == 2 ? Optional.of(parts[1]) : Optional.empty(), quoted);
    }

    /**
     * Puts values in the place of marks, whatever is in them.
     *
     * @throws CannotStartException if there is no value
     */
    JsonNode fill(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(fill(field.getValue())));
        } else if (node instanceof ArrayNode array) {
            var filled = new ArrayList<JsonNode>();
            array.forEach(element -> alone(element)
                    .ifPresentOrElse(
                            variable -> filled.addAll(elements(value(variable))), () -> filled.add(fill(element))));
            array.removeAll().addAll(filled);
        } else if (node instanceof TextNode text) {
            return alone(node)
                    .map(variable -> filled(value(variable)))
                    .orElseGet(() -> TextNode.valueOf(withValues(text.textValue())));
        }
        return node;
    }

    /** The variable that is all there is, and is not quoted. */
    private Optional<Variable> alone(JsonNode node) {
        var mark = MARK.matcher(node.isTextual() ? node.textValue() : "");
        return mark.matches() ? Optional.of(variable(mark.group(1))).filter(one -> !one.quoted()) : Optional.empty();
    }

    private Variable variable(String number) {
        return variables.get(Integer.parseInt(number));
    }

    private static JsonNode filled(String value) {
        return value.isEmpty() ? NullNode.getInstance() : TextNode.valueOf(value);
    }

    private static List<JsonNode> elements(String value) {
        var elements = new ArrayList<JsonNode>();
        for (var element : value.split(",", -1)) {
            if (!element.isBlank()) {
                elements.add(TextNode.valueOf(element.strip()));
            }
        }
        return elements;
    }

    private String withValues(String text) {
        return MARK.matcher(text).replaceAll(mark -> Matcher.quoteReplacement(value(variable(mark.group(1)))));
    }

    private String value(Variable variable) {
        var set = environment.apply(variable.name());
        if (set != null) {
            return set;
        }
        return variable.otherwise()
                .map(text -> withValues(mark(text)))
                .orElseThrow(() -> new CannotStartException(
                        "The configuration needs the environment variable " + variable.name() + ", which is not set."));
    }
}
