package dev.mien.internal;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Copies of records that differ in one component: Java has no such expression of its own. */
public final class Records {

    private Records() {}

    /**
     * A copy through the canonical constructor, whose checks apply.
     *
     * @param record a record whose type and canonical constructor are public
     * @param component the name of the component that differs
     * @param value its value in the copy
     * @throws IllegalArgumentException as the constructor throws it, or if there is no such component
     */
    public static <R extends Record> R with(R record, String component, Object value) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        boolean known = false;
        try {
            for (int i = 0; i < components.length; i++) {
                boolean changes = components[i].getName().equals(component);
                known |= changes;
                values[i] = changes ? value : components[i].getAccessor().invoke(record);
            }
            if (!known) {
                throw new IllegalArgumentException(record.getClass().getSimpleName() + " has no " + component);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            @SuppressWarnings("unchecked") // the class of an R
            Constructor<R> constructor = (Constructor<R>) record.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
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
