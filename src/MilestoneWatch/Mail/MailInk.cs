namespace MilestoneWatch.Mail;

/// <summary>The inks and types of every mail, as inlined styles: the only ones that Outlook and some of Gmail read.</summary>
/// <remarks>Each colour has its dark counterpart under a class of <see cref="Head"/>; tests compute the contrast of all pairs.</remarks>
internal static class MailInk
{
    // short, since each element names it. Segoe UI first: Outlook falls back to Times at a first name that it does not know, and Apple's have no Segoe
    private const string SansFamily = "Segoe UI,-apple-system,Arial,sans-serif";
    private const string SerifFamily = "Georgia,Times New Roman,serif";

    public const string Paper = "background-color:#fbfaf7;";
    public const string Ink = "color:#1c1b19;";
    public const string Soft = "color:#5d5a54;";
    public const string Link = "color:#0b5c63;";
    public const string Rule = "border-top:1px solid #dedad2;";

    public const string Body = "font:16px/1.5 " + SansFamily + ";" + Ink;
    public const string Small = "font:14px/1.5 " + SansFamily + ";" + Soft;
    public const string Heading =
        "font:600 13px/1.4 " + SansFamily + ";" + Soft + "letter-spacing:0.08em;text-transform:uppercase;margin:0 0 8px;";
    public const string Lead = "font:19px/1.4 " + SerifFamily + ";" + Ink;
    public const string Title = "font:600 21px/1.3 " + SerifFamily + ";" + Ink;
    public const string Button =
        "display:inline-block;margin:0 8px 8px 0;padding:7px 14px;border:1px solid #0b5c63;border-radius:3px;font:15px/1.4 "
        + SansFamily
        + ";"
        + Link
        + "text-decoration:none;";

    /// <summary>
    /// What inlined styles cannot say: the dark scheme, and narrow screens. The second block is for Outlook's dark mode and for dates that
    /// Apple turns into links: a client that drops a whole block over a selector it does not know keeps the first.
    /// </summary>
    public const string Head = """
        <style>
        @media (prefers-color-scheme: dark) {
        .paper { background-color: #151513 !important; }
        .ink { color: #e9e6df !important; }
        .soft { color: #a9a59b !important; }
        .link { color: #6cc5c9 !important; border-color: #6cc5c9 !important; }
        .rule { border-color: #34322d !important; }
        .now { background-color: #6cc5c9 !important; }
        .now-open { background-color: #33595b !important; }
        .was { background-color: #8b857a !important; }
        .was-open { background-color: #47443d !important; }
        .track { background-color: #34322d !important; }
        .mark { border-color: #e9e6df !important; }
        .notch { border-color: #151513 !important; }
        }
        @media (max-width: 480px) { .pad { padding-left: 16px !important; padding-right: 16px !important; } .label { width: 72px !important; } }
        </style>
        <style>
        [data-ogsb] .paper { background-color: #151513 !important; }
        [data-ogsc] .ink { color: #e9e6df !important; }
        [data-ogsc] .soft { color: #a9a59b !important; }
        [data-ogsc] .link { color: #6cc5c9 !important; }
        a[x-apple-data-detectors] { color: inherit !important; text-decoration: none !important; }
        </style>
        <!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->
        """;

    /// <summary>Word's engine knows no max-width: the column that it gets instead, opened and closed.</summary>
    public const string OutlookColumn =
        """<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" align="center"><tr><td><![endif]-->""";

    public const string OutlookColumnEnd = "<!--[if mso]></td></tr></table><![endif]-->";
}
