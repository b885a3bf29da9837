package dev.mien.recognition;

/** Where faces come from. */
public enum FaceSource {

    /** A {@link FaceDetector} looks for them. */
    DETECT,

    /** Each picture is one face already, cut out as FER2013's are. */
    GIVEN
}
