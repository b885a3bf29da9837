package dev.mien.backbones;

/**
 * What a pickle says of one run of values, which lie elsewhere in the file.
 *
 * @param key name under which the file keeps the values
 * @param count values under that key
 * @param viewStart first value of the part that is meant (only old files mean a part)
 * @param viewCount values in that part
 */
record PyTorchStorage(WeightsType type, String key, long count, long viewStart, long viewCount) {}
