package dev.mien.internal;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Copies of records that differ in some components: Java has no such expression of its own. */
public final class Records {

    private Records() {}

    /** {@link #with(Record, Map)} of one component. */
    public static <R extends Record> R with(R record, String component, Object value) {
        return with(record, Map.of(component, value));
    }

    /**
     * A copy through the canonical constructor, whose checks apply.
     *
     * @param record a record whose type and canonical constructor are public
     * @param values the components that differ, by name, and their values in the copy
     * @throws IllegalArgumentException as the constructor throws it, or if there is no such component
     */
    public static <R extends Record> R with(R record, Map<String, ?> values) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] all = new Object[components.length];
        Set<String> unknown = new HashSet<>(values.keySet());
        try {
            for (int i = 0; i < components.length; i++) {
                boolean changes = unknown.remove(components[i].getName());
                all[i] = changes
                        ? values.get(components[i].getName())
                        : components[i].getAccessor().invoke(record);
            }
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException(record.getClass().getSimpleName() + " has no " + unknown);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            @SuppressWarnings("unchecked") // the class of an R
            Constructor<R> constructor = (Constructor<R>) record.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(all);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new AssertionError(e);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
