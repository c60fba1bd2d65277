namespace MnistApi.Imaging;

/// <summary>Steps in words, for people who ask what happened to their picture.</summary>
public static class StepNames
{
    private static readonly (Steps Step, string Name)[] s_names =
    [
        (Steps.AlphaIsInk, "took the opacity for the ink"),
        (Steps.LaidOverWhite, "laid over white"),
        (Steps.Reduced, "averaged to at most 512 pixels a side"),
        (Steps.InkColour, "made grey along the line from the ground's colour to the ink's"),
        (Steps.Turned, "turned upright as the file asks"),
        (Steps.Resized, "averaged to 28x28"),
        (Steps.DotsAveraged, "averaged black and white dots to grey"),
        (Steps.SheetCut, "cut out the sheet"),
        (Steps.FrameCut, "cut off a frame"),
        (Steps.GroundFitted, "fitted the ground to uneven light"),
        (Steps.LightInk, "found light ink on dark ground"),
        (Steps.GrainRemoved, "took away the ground's grain"),
        (Steps.LinesRemoved, "took out ruled lines and boxes"),
        (Steps.FaintDropped, "dropped what is fainter than the pen"),
        (Steps.SpecksDropped, "dropped specks"),
        (Steps.Thickened, "thickened the strokes"),
        (Steps.Thinned, "thinned the strokes"),
        (Steps.Centred, "scaled to 20x20 and centred"),
    ];

    /// <summary>Every step there is, in the order of doing.</summary>
    public static IEnumerable<string> All => s_names.Select(entry => entry.Name);

    /// <summary>The steps that ran, in the order of doing; none where the picture passed unchanged.</summary>
    public static IEnumerable<string> Of(Steps steps) => s_names.Where(entry => steps.HasFlag(entry.Step)).Select(entry => entry.Name);
}
