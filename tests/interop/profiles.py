"""Association profiles of DCMTK's tools: which SOP classes they propose or accept, in which transfer syntaxes."""

VERIFICATION = "1.2.840.10008.1.1"
QUERY_RETRIEVE = [f"1.2.840.10008.5.1.4.1.2.{model}.{service}" for model in (1, 2) for service in (1, 2, 3)]
NATIVE = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2")


def write_profiles(path, sent_by_get=(), **profiles):
    """`profiles`: name -> presentation contexts, which are pairs of a SOP class and its transfer syntaxes.
    `sent_by_get`: SOP classes of which whoever calls the first of them may also be the SCP."""
    lists = list(dict.fromkeys(tuple(syntaxes) for contexts in profiles.values() for _, syntaxes in contexts))
    lines = ["[[TransferSyntaxes]]"]
    for number, syntaxes in enumerate(lists):
        lines += [f"[List{number}]", *(f"TransferSyntax{i} = {syntax}" for i, syntax in enumerate(syntaxes, 1))]
    lines.append("[[PresentationContexts]]")
    for name, contexts in profiles.items():
        lines += [f"[{name}]", *(f"PresentationContext{i} = {sop_class}\\List{lists.index(tuple(syntaxes))}"
                                 for i, (sop_class, syntaxes) in enumerate(contexts, 1))]
    if sent_by_get:
        lines += ["[[SCPSCURoleSelection]]", "[Both]",
                  *(f"Role{i} = {sop_class}\\BOTH" for i, sop_class in enumerate(sent_by_get, 1))]
    lines.append("[[Profiles]]")
    for name in profiles:
        lines += [f"[{name}]", f"PresentationContexts = {name}"]
        lines += ["SCPSCURoleSelection = Both"] if sent_by_get and name == next(iter(profiles)) else []
    path.write_text("\n".join(lines) + "\n")
    return path


def archive_of(path, kinds):
    """For dcmqrscp: it takes and sends these kinds of objects. `kinds`: pairs of a SOP class and a transfer
    syntax. It sends an object in the first context that was accepted for its class, so those of one class are
    apart."""
    services = [(service, NATIVE) for service in (VERIFICATION, *QUERY_RETRIEVE)]
    by_class = {}
    for sop_class, syntax in sorted(kinds):
        by_class.setdefault(sop_class, []).append(syntax)
    taken = [(sop_class, syntaxes) for sop_class, syntaxes in by_class.items()]
    sent = [(sop_class, (syntax,)) for sop_class, syntax in sorted(kinds)]
    return write_profiles(path, sent_by_get=by_class, In=services + taken, Out=sent)


def sender_of(path, sop_class, syntax):
    """For storescu: it proposes this kind of object only."""
    return write_profiles(path, Out=[(sop_class, (syntax,))])
